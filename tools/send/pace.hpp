// SPDX-License-Identifier: MIT
#pragma once

// When something may be sent.

#include <algorithm>
#include <chrono>
#include <cstdint>

#include <portsock/deadline.hpp>

namespace portsock::tools {

/// Spreads what is sent evenly: a rate in units (bytes or datagrams) per second, and a pause
/// between pieces. It reads no clock: moments are given.
class pace {
 public:
  using clock = deadline::clock;
  using milliseconds = std::chrono::milliseconds;

  /// `rate` 0: as fast as it goes.
  pace(std::uint64_t rate, milliseconds interval, milliseconds delay, clock::time_point now)
      : rate_{rate}, interval_{interval}, next_unit_{now + delay}, next_piece_{now + delay} {}

  /// The rest of a piece may go from then on.
  clock::time_point next_unit() const noexcept { return next_unit_; }
  /// A new piece may.
  clock::time_point next_piece() const noexcept { return std::max(next_unit_, next_piece_); }

  /// How many of `wanted` units may go at once: what the rate gives in a moment, at least one.
  std::uint64_t most(std::uint64_t wanted) const noexcept {
    if (rate_ == 0) return wanted;
    return std::min(wanted, std::max<std::uint64_t>(rate_ / 50, 1));
  }
  void spend(std::uint64_t units, clock::time_point now) noexcept {
    if (rate_ == 0) return;
    const std::chrono::duration<double> takes{static_cast<double>(units) /
                                              static_cast<double>(rate_)};
    // Who wakes up late may make up for it, but not for more than a moment.
    next_unit_ =
        std::max(next_unit_, now - milliseconds{20}) + std::chrono::ceil<clock::duration>(takes);
  }
  void end_piece(clock::time_point now) noexcept { next_piece_ = now + interval_; }

 private:
  std::uint64_t rate_;
  milliseconds interval_;
  clock::time_point next_unit_;
  clock::time_point next_piece_;
};

}  // namespace portsock::tools
