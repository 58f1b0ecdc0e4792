// SPDX-License-Identifier: MIT

// Bytes of a stream.

#include <algorithm>

#include <platform/bsd/sockaddr.hpp>
#include <platform/contract.hpp>

#include "native.hpp"
#include "system.hpp"
#include "vectors.hpp"

namespace portsock::platform {
namespace {

result<std::size_t> send_vector(native_handle s, std::span<const const_bytes> data,
                                int flags) noexcept {
  const vectors parts{data};
  const auto message = parts.message();
  return counted(uninterrupted(::sendmsg, descriptor(s), &message, send_flags | flags));
}

result<std::size_t> receive_vector(native_handle s, std::span<const mutable_bytes> buffers,
                                   int flags) noexcept {
  const vectors parts{buffers};
  if (parts.size() == 0) return 0;
  auto message = parts.message();
  return counted(uninterrupted(::recvmsg, descriptor(s), &message, flags));
}

bool has_peer(native_handle s) noexcept {
  socket_name name;
  return ::getpeername(descriptor(s), name.data(), name.length()) == 0;
}

bool has_hung_up(native_handle s) noexcept {
  if (!inspect_local(s)) return false;
  pollfd entry{descriptor(s), 0, 0};
  return ::poll(&entry, 1, 0) > 0 && (entry.revents & POLLHUP) != 0;
}

}  // namespace

std::int64_t bare_send(native_handle s, const void* data, std::size_t size) {
  return ::send(descriptor(s), data, size, send_flags);
}
result<std::size_t> send(native_handle s, std::span<const const_bytes> data) noexcept {
  return send_vector(s, data, 0);
}
result<std::size_t> try_send(native_handle s, std::span<const const_bytes> data) noexcept {
  return send_vector(s, data, MSG_DONTWAIT);
}

std::int64_t bare_receive(native_handle s, void* buffer, std::size_t size) {
  return ::recv(descriptor(s), buffer, size, 0);
}
result<std::size_t> receive(native_handle s, std::span<const mutable_bytes> buffers) noexcept {
  return receive_vector(s, buffers, 0);
}
result<std::size_t> try_receive(native_handle s, std::span<const mutable_bytes> buffers) noexcept {
  return receive_vector(s, buffers, MSG_DONTWAIT);
}

// EPIPE does not tell whose end is shut. If there still is a peer, it was ours; if not, it is gone,
// which other systems call a reset. A local stream of Linux keeps the name of a peer that is gone,
// and hangs up instead.
error explain_failure(native_handle s, error reason) noexcept {
  if (reason == errc::broken_pipe && (!has_peer(s) || has_hung_up(s)))
    return {reason.value(), reason.domain(), errc::connection_reset};
  // From a send on macOS that meets the peer's close (libuv, uv__try_write).
  if (reason == errc::wrong_protocol)
    return {reason.value(), reason.domain(), errc::connection_reset};
  return reason;
}

}  // namespace portsock::platform
