// SPDX-License-Identifier: MIT

// Receiving into one buffer: only recvmsg tells a datagram that was cut from one that fits.

#include <platform/contract.hpp>

#include "native.hpp"

namespace portsock::platform {
namespace {

std::int64_t receive_once(native_handle s, void* buffer, std::size_t size,
                          native_endpoint* from) noexcept {
  iovec part{buffer, size};
  msghdr message{};
  message.msg_iov = &part;
  message.msg_iovlen = 1;
  if (from != nullptr) {
    message.msg_name = from->data();
    message.msg_namelen = native_endpoint::capacity;
  }
  const auto got = ::recvmsg(descriptor(s), &message, 0);
  if (from != nullptr) from->size() = message.msg_namelen;
  return got >= 0 && (message.msg_flags & MSG_TRUNC) != 0 ? got + 1 : got;
}

}  // namespace

std::int64_t bare_receive_datagram(native_handle s, void* buffer, std::size_t size) {
  return receive_once(s, buffer, size, nullptr);
}

std::int64_t bare_receive_from(native_handle s, void* buffer, std::size_t size,
                               native_endpoint& from) {
  return receive_once(s, buffer, size, &from);
}

}  // namespace portsock::platform
