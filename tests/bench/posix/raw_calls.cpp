// SPDX-License-Identifier: MIT
#include <tests/bench/raw_calls.hpp>

#include "native.hpp"

namespace raw {

using portsock::platform::descriptor;

std::ptrdiff_t send(native_handle s, const void* data, std::size_t size) {
  return ::send(descriptor(s), data, size, 0);
}
std::ptrdiff_t receive(native_handle s, void* buffer, std::size_t size) {
  return ::recv(descriptor(s), buffer, size, 0);
}
std::ptrdiff_t send_to(native_handle s, const void* data, std::size_t size,
                       const native_endpoint& peer) {
  return ::sendto(descriptor(s), data, size, 0, static_cast<const sockaddr*>(peer.data()),
                  peer.size());
}
std::ptrdiff_t receive_from(native_handle s, void* buffer, std::size_t size,
                            native_endpoint& from) {
  from.size() = native_endpoint::capacity;
  return ::recvfrom(descriptor(s), buffer, size, 0, static_cast<sockaddr*>(from.data()),
                    &from.size());
}

}  // namespace raw
