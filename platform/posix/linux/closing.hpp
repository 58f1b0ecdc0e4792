// SPDX-License-Identifier: MIT
#pragma once

// io_uring holds on to the sockets that it polls: one that is only closed would stay open, and its
// peer would not hear of it. So the pollers over it are told.

#include <atomic>

namespace portsock::platform {

/// Set once there is such a poller, so that programs without one do not carry its code.
inline std::atomic<void (*)(int fd) noexcept> tell_pollers_of_closing = nullptr;

inline void before_closing(int fd) noexcept {
  if (auto* const tell = tell_pollers_of_closing.load(std::memory_order_acquire)) tell(fd);
}

}  // namespace portsock::platform
