// SPDX-License-Identifier: MIT

// Datagrams: whole or not at all, and deaf to what became of earlier ones.

#include <platform/bsd/sockaddr.hpp>
#include <platform/contract.hpp>

#include "native.hpp"
#include "system.hpp"
#include "vectors.hpp"

namespace portsock::platform {
namespace {

/// ICMP's news of an earlier datagram, which a connected socket hears; reading it off has cleared
/// it, so the call is worth repeating.
constexpr bool is_old_news(int code) noexcept {
  return code == ECONNREFUSED || code == EHOSTUNREACH || code == ENETUNREACH || code == EHOSTDOWN ||
         code == ENOPROTOOPT || code == ECONNRESET;
}

/// Why a send failed. A lack of room is not waited for on macOS and FreeBSD, and says ENOBUFS.
error send_error(int code) noexcept {
  if (code == ENOBUFS) return {code, error_domain::system, errc::would_block};
  return system_error(code);
}

result<> send_message(native_handle s, std::span<const const_bytes> datagram,
                      const native_endpoint* peer, int flags) noexcept {
  if (datagram.size() > max_buffers) return fail(errc::invalid_argument);
  const vectors parts{datagram};
  auto message = parts.message();
  if (peer != nullptr) {
    message.msg_name = const_cast<void*>(peer->data());
    message.msg_namelen = length_of(*peer);
  }
  auto size = uninterrupted(::sendmsg, descriptor(s), &message, send_flags | flags);
  if (size < 0 && is_old_news(errno))
    size = uninterrupted(::sendmsg, descriptor(s), &message, send_flags | flags);
  if (size >= 0) return {};
  return std::unexpected{send_error(errno)};
}

struct arrived {
  std::size_t size;
  bool truncated;
};

/// recvmsg, not recvfrom: only msg_flags tells a datagram that was cut from one that fits.
result<arrived> receive_message(native_handle s, std::span<const mutable_bytes> buffers,
                                native_endpoint* from, int flags) noexcept {
  const vectors parts{buffers};
  if (parts.size() == 0 || buffers.size() > max_buffers) return fail(errc::invalid_argument);
  for (;;) {
    auto message = parts.message();
    if (from != nullptr) {
      message.msg_name = from->data();
      message.msg_namelen = native_endpoint::capacity;
    }
    const auto size = uninterrupted(::recvmsg, descriptor(s), &message, flags);
    if (size >= 0) {
      if (from != nullptr) from->size() = message.msg_namelen;
      return arrived{static_cast<std::size_t>(size), (message.msg_flags & MSG_TRUNC) != 0};
    }
    if (!is_old_news(errno)) return std::unexpected{last_error()};
  }
}

result<received_part> receive_part(native_handle s, std::span<const mutable_bytes> buffers,
                                   int flags) noexcept {
  const auto got = receive_message(s, buffers, nullptr, flags);
  if (!got) return got.failure();
  return received_part{got->size, got->truncated};
}

result<received> receive_named(native_handle s, std::span<const mutable_bytes> buffers,
                               int flags) noexcept {
  result<received> got{std::in_place};
  const auto arrived = receive_message(s, buffers, &got->from, flags);
  if (!arrived) return arrived.failure();
  got->size = arrived->size;
  got->truncated = arrived->truncated;
  return got;
}

}  // namespace

result<> send_datagram(native_handle s, std::span<const const_bytes> datagram) noexcept {
  return send_message(s, datagram, nullptr, 0);
}
result<> try_send_datagram(native_handle s, std::span<const const_bytes> datagram) noexcept {
  return send_message(s, datagram, nullptr, MSG_DONTWAIT);
}

std::int64_t bare_send_to(native_handle s, const void* data, std::size_t size,
                          const native_endpoint& peer) {
  return ::sendto(descriptor(s), data, size, send_flags, name_of(peer), length_of(peer));
}
result<> send_to(native_handle s, std::span<const const_bytes> datagram,
                 const native_endpoint& peer) noexcept {
  return send_message(s, datagram, &peer, 0);
}
result<> try_send_to(native_handle s, std::span<const const_bytes> datagram,
                     const native_endpoint& peer) noexcept {
  return send_message(s, datagram, &peer, MSG_DONTWAIT);
}

result<received_part> receive_datagram(native_handle s,
                                       std::span<const mutable_bytes> buffers) noexcept {
  return receive_part(s, buffers, 0);
}
result<received_part> try_receive_datagram(native_handle s,
                                           std::span<const mutable_bytes> buffers) noexcept {
  return receive_part(s, buffers, MSG_DONTWAIT);
}
result<received> receive_from(native_handle s, std::span<const mutable_bytes> buffers) noexcept {
  return receive_named(s, buffers, 0);
}
result<received> try_receive_from(native_handle s,
                                  std::span<const mutable_bytes> buffers) noexcept {
  return receive_named(s, buffers, MSG_DONTWAIT);
}

}  // namespace portsock::platform
