// SPDX-License-Identifier: MIT

// Calls that mean the same under POSIX and Winsock. One moves out of here into both backends on the
// day its meaning is found to differ.

#include <limits>

#include <platform/contract.hpp>

#include "native.hpp"
#include "sockaddr.hpp"

namespace portsock::platform {

result<> listen(native_handle s, int backlog) noexcept {
  // SOMAXCONN under Windows and any large number elsewhere: as many as the system allows (D056).
  return checked(::listen(descriptor(s), backlog > 0 ? backlog : largest_backlog));
}

result<endpoint> peer_endpoint(native_handle s) noexcept {
  socket_name name;
  if (::getpeername(descriptor(s), name.data(), name.length()) != 0)
    return std::unexpected{last_error()};
  return name.checked_endpoint();
}

}  // namespace portsock::platform
