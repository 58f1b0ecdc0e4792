// SPDX-License-Identifier: MIT
#include <tests/bench/raw_calls.hpp>

#include "native.hpp"

namespace raw {

using portsock::platform::descriptor;

std::ptrdiff_t send(native_handle s, const void* data, std::size_t size) {
  return ::send(descriptor(s), static_cast<const char*>(data), static_cast<int>(size), 0);
}
std::ptrdiff_t receive(native_handle s, void* buffer, std::size_t size) {
  return ::recv(descriptor(s), static_cast<char*>(buffer), static_cast<int>(size), 0);
}
std::ptrdiff_t send_to(native_handle s, const void* data, std::size_t size,
                       const native_endpoint& peer) {
  return ::sendto(descriptor(s), static_cast<const char*>(data), static_cast<int>(size), 0,
                  static_cast<const sockaddr*>(peer.data()), static_cast<int>(peer.size()));
}
std::ptrdiff_t receive_from(native_handle s, void* buffer, std::size_t size,
                            native_endpoint& from) {
  int length = native_endpoint::capacity;
  const auto got = ::recvfrom(descriptor(s), static_cast<char*>(buffer), static_cast<int>(size), 0,
                              static_cast<sockaddr*>(from.data()), &length);
  from.size() = static_cast<std::uint32_t>(length);
  return got;
}

}  // namespace raw
