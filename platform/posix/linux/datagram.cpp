// SPDX-License-Identifier: MIT

// Receiving into one buffer without a msghdr: with MSG_TRUNC Linux answers how long the datagram
// was, so that the short call can tell one that was cut (recv(2)).

#include <platform/contract.hpp>

#include "native.hpp"

namespace portsock::platform {

std::int64_t bare_receive_datagram(native_handle s, void* buffer, std::size_t size) {
  return ::recv(descriptor(s), buffer, size, MSG_TRUNC);
}

std::int64_t bare_receive_from(native_handle s, void* buffer, std::size_t size,
                               native_endpoint& from) {
  from.size() = native_endpoint::capacity;
  return ::recvfrom(descriptor(s), buffer, size, MSG_TRUNC, static_cast<sockaddr*>(from.data()),
                    &from.size());
}

}  // namespace portsock::platform
