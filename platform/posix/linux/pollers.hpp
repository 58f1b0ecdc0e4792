// SPDX-License-Identifier: MIT
#pragma once

// The mechanisms that Linux has beside poll, and what they share.

#include <cstdint>

#include <sys/epoll.h>

#include <platform/bsd/poll.hpp>
#include <platform/contract.hpp>

namespace portsock::platform {

result<owned_poll_set> open_epoll() noexcept;
/// errc::not_supported where the kernel is too old for it, or forbids it.
result<owned_poll_set> open_io_uring() noexcept;

/// struct __kernel_timespec, which is 64 bits wide also where timespec is not.
struct kernel_time {
  std::int64_t seconds;
  std::int64_t nanoseconds;
};

inline kernel_time to_kernel_time(deadline::clock::duration left) noexcept {
  using namespace std::chrono;
  const auto whole = duration_cast<seconds>(left);
  return {whole.count(), nanoseconds{left - whole}.count()};
}

/// The events of epoll and of poll are the same bits (linux/eventpoll.h).
inline std::uint32_t events_for(interest wanted) noexcept {
  const auto wants = [wanted](interest part) {
    return (static_cast<int>(wanted) & static_cast<int>(part)) != 0;
  };
  return (wants(interest::receive) ? EPOLLIN | EPOLLRDHUP : 0u) |
         (wants(interest::send) ? static_cast<std::uint32_t>(EPOLLOUT) : 0u);
}

/// Who asked for EPOLLOUT gets it with every failure: tcp_poll() says so of a connection that is
/// over.
inline readiness readiness_of(std::uint32_t events, std::uint64_t token) noexcept {
  return {token, (events & (EPOLLIN | EPOLLRDHUP | EPOLLHUP | EPOLLERR)) != 0,
          (events & EPOLLOUT) != 0, (events & EPOLLERR) != 0,
          (events & (EPOLLRDHUP | EPOLLHUP | EPOLLERR)) != 0};
}

}  // namespace portsock::platform
