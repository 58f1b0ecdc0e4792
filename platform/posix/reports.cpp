// SPDX-License-Identifier: MIT
#include <platform/reports.hpp>

#include "native.hpp"
#include "system.hpp"

namespace portsock::platform {

// Connected sockets do so by themselves.
result<> report_unreachable(native_handle) noexcept { return {}; }

error explain_report(error reason) noexcept {
  // A lack of room, which macOS and FreeBSD do not wait for.
  if (reason == errc::no_buffer_space) return {reason.value(), reason.domain(), errc::would_block};
  return reason;
}

result<> try_send_reporting(native_handle s, const_bytes datagram) noexcept {
  if (uninterrupted(::send, descriptor(s), static_cast<const void*>(datagram.data()),
                    datagram.size(), send_flags | MSG_DONTWAIT) >= 0)
    return {};
  return fail(explain_report(last_error()));
}

result<std::size_t> try_receive_reporting(native_handle s, mutable_bytes buffer) noexcept {
  iovec bytes{buffer.data(), buffer.size()};
  msghdr message{};
  message.msg_iov = &bytes;
  message.msg_iovlen = 1;
  const auto size = uninterrupted(::recvmsg, descriptor(s), &message, MSG_DONTWAIT);
  if (size < 0) return fail(explain_report(last_error()));
  return static_cast<std::size_t>(size) + ((message.msg_flags & MSG_TRUNC) != 0 ? 1 : 0);
}

}  // namespace portsock::platform
