// SPDX-License-Identifier: MIT
#pragma once

// For calls that have no MSG_DONTWAIT: sendfile, splice.

#include <sys/time.h>

#include "native.hpp"

namespace portsock::platform {

/// While it lives, a send on a blocking socket that finds no room waits for a tick at most, and
/// then says EAGAIN. O_NONBLOCK would also hit who receives on another thread; a stream has one
/// sender.
class impatience {
 public:
  explicit impatience(int s) noexcept;
  impatience(const impatience&) = delete;
  impatience& operator=(const impatience&) = delete;
  ~impatience();

 private:
  int socket_;  // -1: nothing was changed
  timeval before_{};
};

/// What one call moves at most while somebody may want it to end: room that comes bit by bit would
/// keep it going.
inline constexpr std::size_t impatient_size = std::size_t{256} * 1024;

}  // namespace portsock::platform
