// SPDX-License-Identifier: MIT
#include <platform/posix/local.hpp>

#include <sys/ucred.h>

namespace portsock::platform {

bool has_abstract_names() noexcept { return false; }

// It never waits: a full queue refuses.
result<> connect_local(native_handle s, const local_address& peer, deadline) noexcept {
  return connect_once(s, peer);
}

result<local_credentials> peer_credentials(native_handle s) noexcept {
  uid_t user = 0;
  gid_t group = 0;
  if (::getpeereid(descriptor(s), &user, &group) != 0) return std::unexpected{last_error()};
  local_credentials peer{std::nullopt, user, group};
  // Level 0 is that of local sockets (unix(4)). Since FreeBSD 13 it tells the process too.
  xucred more{};
  socklen_t size = sizeof more;
  if (::getsockopt(descriptor(s), 0, LOCAL_PEERCRED, &more, &size) == 0 && more.cr_pid != 0)
    peer.process = static_cast<std::uint32_t>(more.cr_pid);
  return peer;
}

int new_pair(int (&ends)[2]) noexcept {
  return ::socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends);
}

ssize_t receive_message(int s, msghdr* message, int flags) noexcept {
  return uninterrupted(::recvmsg, s, message, flags | MSG_CMSG_CLOEXEC);
}

}  // namespace portsock::platform
