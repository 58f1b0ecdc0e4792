// SPDX-License-Identifier: MIT
#include "system.hpp"

#include <limits>

#include <fcntl.h>

namespace portsock::platform {
namespace {

int not_inherited(int s) noexcept {
  if (s < 0 || ::fcntl(s, F_SETFD, FD_CLOEXEC) == 0) return s;
  const int reason = errno;
  ::close(s);
  errno = reason;
  return -1;
}

}  // namespace

int new_socket(int domain, int type, int protocol) noexcept {
  return not_inherited(::socket(domain, type, protocol));
}

int next_connection(int listener) noexcept {
  const int s = not_inherited(::accept(listener, nullptr, nullptr));
  if (s < 0) return s;
  // A connection takes the mode of its listener here; the library's sockets begin as blocking ones.
  const int flags = ::fcntl(s, F_GETFL);
  if (flags >= 0 && (flags & O_NONBLOCK) != 0) ::fcntl(s, F_SETFL, flags & ~O_NONBLOCK);
  return s;
}

int new_pipe(int (&ends)[2]) noexcept {
  if (::pipe(ends) != 0) return -1;
  if (std::ranges::all_of(ends, [](int end) {
        return ::fcntl(end, F_SETFD, FD_CLOEXEC) == 0 && ::fcntl(end, F_SETFL, O_NONBLOCK) == 0;
      }))
    return 0;
  const int reason = errno;
  for (const int end : ends) ::close(end);
  errno = reason;
  return -1;
}

int share_port(int s) noexcept {
  const int on = 1;
  if (::setsockopt(s, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on) != 0) return -1;
  return ::setsockopt(s, SOL_SOCKET, SO_REUSEPORT, &on, sizeof on);
}

int bind_to_interface(int s, family of, std::uint32_t index) noexcept {
  const int value = static_cast<int>(index);
  if (of == family::v4) return ::setsockopt(s, IPPROTO_IP, IP_BOUND_IF, &value, sizeof value);
  return ::setsockopt(s, IPPROTO_IPV6, IPV6_BOUND_IF, &value, sizeof value);
}

int poll_for(std::span<pollfd> entries, deadline::clock::duration left) noexcept {
  using namespace std::chrono;
  const auto count = static_cast<nfds_t>(entries.size());
  if (left == deadline::clock::duration::max()) return ::poll(entries.data(), count, -1);
  constexpr auto longest = milliseconds{(std::numeric_limits<int>::max)()};
  const auto wait = (std::min)(ceil<milliseconds>(left), longest);
  return ::poll(entries.data(), count, static_cast<int>(wait.count()));
}

}  // namespace portsock::platform
