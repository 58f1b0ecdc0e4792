// SPDX-License-Identifier: MIT
#include <platform/memory/host_system.hpp>
#include <platform/memory/world.hpp>

#include <cerrno>

#include <fcntl.h>
#include <poll.h>
#include <unistd.h>

#include <platform/contract.hpp>

namespace portsock::platform::memory {
namespace {

struct pipe_ends {
  int read = -1;
  int write = -1;
};

/// Open as long as the process.
const pipe_ends& bell() noexcept {
  static const pipe_ends made = [] {
    int ends[2];
    if (::pipe(ends) != 0) return pipe_ends{};
    for (const int end : ends) ::fcntl(end, F_SETFD, FD_CLOEXEC);
    ::fcntl(ends[1], F_SETFL, O_NONBLOCK);
    return pipe_ends{ends[0], ends[1]};
  }();
  return made;
}

}  // namespace

void set_last_failure(error reason) noexcept { errno = reason.value(); }

std::uint32_t process_id() noexcept { return static_cast<std::uint32_t>(::getpid()); }

void ring_bell() noexcept {
  const int before = errno;
  const char byte = 0;
  // A full pipe has been rung often enough.
  while (::write(bell().write, &byte, 1) < 0 && errno == EINTR) {
  }
  errno = before;
}

bool wait_for_bell() noexcept {
  char bytes[64];
  for (;;) {
    const auto size = ::read(bell().read, bytes, sizeof bytes);
    if (size > 0) return true;
    if (size == 0 || errno != EINTR) return false;
  }
}

}  // namespace portsock::platform::memory

namespace portsock::platform {

result<bool> wait(file_handle file, interest wanted, deadline until) noexcept {
  const auto wants = [wanted](interest part) {
    return (static_cast<int>(wanted) & static_cast<int>(part)) != 0;
  };
  const int events =
      (wants(interest::receive) ? POLLIN : 0) | (wants(interest::send) ? POLLOUT : 0);
  // The system knows nothing of our wakers, nor of our clock, so it is asked again and again.
  constexpr int slice = 5;
  const auto outcome = memory::wait_outside(until, [&](bool last) {
    pollfd entry{static_cast<int>(file), static_cast<short>(events), 0};
    return ::poll(&entry, 1, last ? 0 : slice) > 0;
  });
  if (outcome == memory::ending::cancelled) return fail(errc::cancelled);
  return outcome == memory::ending::ready;
}

}  // namespace portsock::platform
