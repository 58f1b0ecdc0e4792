// SPDX-License-Identifier: MIT
#include "local.hpp"

#include <platform/bsd/local_name.hpp>

#include "system.hpp"

namespace portsock::platform {
namespace {

int option_of(native_handle s, int name) noexcept {
  int value = 0;
  socklen_t size = sizeof value;
  return ::getsockopt(descriptor(s), SOL_SOCKET, name, &value, &size) == 0 ? value : -1;
}

}  // namespace

result<unique_handle> open_local(kind is) noexcept {
  const int fd = new_socket(AF_UNIX, is == kind::local_datagram ? SOCK_DGRAM : SOCK_STREAM, 0);
  if (fd < 0) return std::unexpected{last_error()};
  unique_handle made{to_handle(fd)};
  if (silence(fd) != 0) return std::unexpected{last_error()};
  return made;
}

result<stream_ends> open_stream_pair() noexcept {
  int ends[2];
  if (new_pair(ends) != 0) return std::unexpected{last_error()};
  stream_ends made{unique_handle{to_handle(ends[0])}, unique_handle{to_handle(ends[1])}};
  for (const int end : ends)
    if (silence(end) != 0) return std::unexpected{last_error()};
  return made;
}

result<kind> inspect_local(native_handle s) noexcept {
  local_name_room name;
  if (::getsockname(descriptor(s), name.data(), name.length()) != 0)
    return std::unexpected{last_error()};
  if (!name.is_local()) return fail(errc::family_not_supported);
  switch (option_of(s, SO_TYPE)) {
    case SOCK_STREAM:
      return option_of(s, SO_ACCEPTCONN) > 0 ? kind::local_listener : kind::local_stream;
    case SOCK_DGRAM:
      return kind::local_datagram;
    default:
      return fail(errc::wrong_protocol);
  }
}

// Nobody listens there, whether the file is there or not: other systems cannot tell the two apart.
error local_failure(int code) noexcept {
  if (code == ENOENT || code == ENOTDIR)
    return {code, error_domain::system, errc::connection_refused};
  return system_error(code);
}

result<> connect_once(native_handle s, const local_address& peer) noexcept {
  const local_name_room name{peer};
  // Unlike a TCP connect, one that a signal interrupted has not begun.
  if (uninterrupted(::connect, descriptor(s), name.name(), name.size()) == 0) return {};
  return fail(local_failure(errno));
}

}  // namespace portsock::platform
