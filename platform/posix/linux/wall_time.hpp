// SPDX-License-Identifier: MIT
#pragma once

// The kernel stamps packets with the wall clock, which somebody may set; deadlines and round trips
// are told by a clock that nobody sets. Both are read off together, each time they are needed.

#include <chrono>
#include <ctime>

#include <portsock/deadline.hpp>

namespace portsock::platform {

class wall_time {
 public:
  wall_time() noexcept {
    // A reading that was interrupted between the clocks is off by as much as that took: the closest
    // of a few is kept.
    auto closest = deadline::clock::duration::max();
    for (int tries = 0; tries != 4 && closest > std::chrono::nanoseconds{300}; ++tries) {
      const auto before = deadline::clock::now();
      timespec wall{};
      ::clock_gettime(CLOCK_REALTIME, &wall);
      const auto after = deadline::clock::now();
      if (after - before >= closest) continue;
      closest = after - before;
      now_ = after;
      offset_ = (before + closest / 2).time_since_epoch() - since_epoch(wall);
    }
  }

  /// When the stamp was made; never later than now.
  deadline::clock::time_point of(const timespec& stamp) const noexcept {
    const deadline::clock::time_point told{since_epoch(stamp) + offset_};
    return told < now_ ? told : now_;
  }
  deadline::clock::time_point now() const noexcept { return now_; }

 private:
  static std::chrono::nanoseconds since_epoch(const timespec& time) noexcept {
    return std::chrono::seconds{time.tv_sec} + std::chrono::nanoseconds{time.tv_nsec};
  }

  deadline::clock::time_point now_{};
  std::chrono::nanoseconds offset_{};
};

}  // namespace portsock::platform
