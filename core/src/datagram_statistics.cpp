// SPDX-License-Identifier: MIT
#include <portsock/datagram_statistics.hpp>

#include <platform/contract.hpp>

namespace portsock {

result<std::uint64_t> discarded_by(const basic_socket<kind::datagram>& socket) noexcept {
  return platform::discarded_by(socket.native());
}

}  // namespace portsock
