// SPDX-License-Identifier: MIT

// Datagrams between local sockets.

#include <platform/bsd/local_name.hpp>

#include "local.hpp"
#include "system.hpp"

namespace portsock::platform {
namespace {

result<received_locally> receive(native_handle s, mutable_bytes buffer, int flags) noexcept {
  iovec bytes{buffer.data(), buffer.size()};
  local_name_room from;
  msghdr message{};
  message.msg_name = from.data();
  message.msg_namelen = from.size();
  message.msg_iov = &bytes;
  message.msg_iovlen = 1;
  const auto size = uninterrupted(::recvmsg, descriptor(s), &message, flags);
  if (size < 0) return std::unexpected{last_error()};
  *from.length() = message.msg_namelen;
  return received_locally{from.address(), static_cast<std::size_t>(size),
                          (message.msg_flags & MSG_TRUNC) != 0};
}

}  // namespace

result<> try_send_local(native_handle s, const_bytes datagram, const local_address& peer) noexcept {
  const local_name_room to{peer};
  if (uninterrupted(::sendto, descriptor(s), datagram.data(), datagram.size(),
                    send_flags | MSG_DONTWAIT, to.name(), to.size()) >= 0)
    return {};
  // What macOS and FreeBSD say of a receiver's full queue.
  if (errno == ENOBUFS) return fail({ENOBUFS, error_domain::system, errc::would_block});
  return fail(local_failure(errno));
}

result<received_locally> receive_local(native_handle s, mutable_bytes buffer) noexcept {
  return receive(s, buffer, 0);
}
result<received_locally> try_receive_local(native_handle s, mutable_bytes buffer) noexcept {
  return receive(s, buffer, MSG_DONTWAIT);
}

}  // namespace portsock::platform
