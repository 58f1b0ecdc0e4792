// SPDX-License-Identifier: MIT

// Datagrams: whole or not at all, and deaf to what became of earlier ones.

#include "datagram.hpp"

#include <platform/bsd/sockaddr.hpp>
#include <platform/contract.hpp>

#include "native.hpp"
#include "system.hpp"
#include "vectors.hpp"

namespace portsock::platform {
namespace {

result<> send_parts(native_handle s, std::span<const const_bytes> datagram,
                    const native_endpoint* peer, int flags) noexcept {
  if (datagram.size() > max_buffers) return fail(errc::invalid_argument);
  const vectors parts{datagram};
  auto message = parts.message();
  if (send_message(s, message, peer, flags) >= 0) return {};
  return std::unexpected{send_error(errno)};
}

/// recvmsg, not recvfrom: only msg_flags tells a datagram that was cut from one that fits.
result<received_part> receive_parts(native_handle s, std::span<const mutable_bytes> buffers,
                                    native_endpoint* from, int flags) noexcept {
  const vectors parts{buffers};
  if (parts.size() == 0 || buffers.size() > max_buffers) return fail(errc::invalid_argument);
  auto message = parts.message();
  const auto size = receive_message(s, message, from, flags);
  if (size < 0) return std::unexpected{last_error()};
  return received_part{static_cast<std::size_t>(size), (message.msg_flags & MSG_TRUNC) != 0};
}

result<received> receive_named(native_handle s, std::span<const mutable_bytes> buffers,
                               int flags) noexcept {
  result<received> got{std::in_place};
  const auto arrived = receive_parts(s, buffers, &got->from, flags);
  if (!arrived) return arrived.failure();
  got->size = arrived->size;
  got->truncated = arrived->truncated;
  return got;
}

}  // namespace

ssize_t send_message(native_handle s, msghdr& message, const native_endpoint* peer,
                     int flags) noexcept {
  if (peer != nullptr) {
    message.msg_name = const_cast<void*>(peer->data());
    message.msg_namelen = length_of(*peer);
  }
  const auto size = uninterrupted(::sendmsg, descriptor(s), &message, send_flags | flags);
  if (size >= 0 || !is_old_news(errno)) return size;
  return uninterrupted(::sendmsg, descriptor(s), &message, send_flags | flags);
}

ssize_t receive_message(native_handle s, msghdr& message, native_endpoint* from,
                        int flags) noexcept {
  const auto blank = message;
  for (repeats once_more;;) {
    if (from != nullptr) {
      message.msg_name = from->data();
      message.msg_namelen = native_endpoint::capacity;
    }
    const auto size = uninterrupted(::recvmsg, descriptor(s), &message, flags);
    if (size >= 0 && from != nullptr) from->size() = message.msg_namelen;
    if (size >= 0 || !once_more.allow(errno)) return size;
    message = blank;
  }
}

result<> send_datagram(native_handle s, std::span<const const_bytes> datagram) noexcept {
  return send_parts(s, datagram, nullptr, 0);
}
result<> try_send_datagram(native_handle s, std::span<const const_bytes> datagram) noexcept {
  return send_parts(s, datagram, nullptr, MSG_DONTWAIT);
}

std::int64_t bare_send_to(native_handle s, const void* data, std::size_t size,
                          const native_endpoint& peer) {
  return ::sendto(descriptor(s), data, size, send_flags, name_of(peer), length_of(peer));
}
result<> send_to(native_handle s, std::span<const const_bytes> datagram,
                 const native_endpoint& peer) noexcept {
  return send_parts(s, datagram, &peer, 0);
}
result<> try_send_to(native_handle s, std::span<const const_bytes> datagram,
                     const native_endpoint& peer) noexcept {
  return send_parts(s, datagram, &peer, MSG_DONTWAIT);
}

result<received_part> receive_datagram(native_handle s,
                                       std::span<const mutable_bytes> buffers) noexcept {
  return receive_parts(s, buffers, nullptr, 0);
}
result<received_part> try_receive_datagram(native_handle s,
                                           std::span<const mutable_bytes> buffers) noexcept {
  return receive_parts(s, buffers, nullptr, MSG_DONTWAIT);
}
result<received> receive_from(native_handle s, std::span<const mutable_bytes> buffers) noexcept {
  return receive_named(s, buffers, 0);
}
result<received> try_receive_from(native_handle s,
                                  std::span<const mutable_bytes> buffers) noexcept {
  return receive_named(s, buffers, MSG_DONTWAIT);
}

}  // namespace portsock::platform
