// SPDX-License-Identifier: MIT
#include <platform/posix/local.hpp>

#include <fcntl.h>

#include <platform/posix/control.hpp>

namespace portsock::platform {
namespace {

/// There is no MSG_CMSG_CLOEXEC.
void keep_from_children(const msghdr& message) noexcept {
  auto items = control_of(message);
  while (const auto item = items.next()) {
    if (item->level != SOL_SOCKET || item->type != SCM_RIGHTS) continue;
    for (auto rest = item->data; rest.size() >= sizeof(int); rest = rest.subspan(sizeof(int))) {
      int fd;
      std::memcpy(&fd, rest.data(), sizeof fd);
      ::fcntl(fd, F_SETFD, FD_CLOEXEC);
    }
  }
}

}  // namespace

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
  pid_t process = 0;
  socklen_t size = sizeof process;
  if (::getsockopt(descriptor(s), SOL_LOCAL, LOCAL_PEERPID, &process, &size) == 0)
    peer.process = static_cast<std::uint32_t>(process);
  return peer;
}

int new_pair(int (&ends)[2]) noexcept {
  if (::socketpair(AF_UNIX, SOCK_STREAM, 0, ends) != 0) return -1;
  for (const int end : ends) ::fcntl(end, F_SETFD, FD_CLOEXEC);
  return 0;
}

ssize_t receive_message(int s, msghdr* message, int flags) noexcept {
  const auto size = uninterrupted(::recvmsg, s, message, flags);
  if (size >= 0) keep_from_children(*message);
  return size;
}

}  // namespace portsock::platform
