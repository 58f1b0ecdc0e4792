// SPDX-License-Identifier: MIT
#pragma once

// What numbered datagrams tell of the way that they came.

#include <array>
#include <cmath>
#include <cstdint>

#include <tools/measure/protocol.hpp>

namespace portsock::tools::measuring {

/// Counts datagrams, and those that came late, twice or not at all. Reads no clock; memory does not
/// grow.
class arrivals {
 public:
  /// A datagram; both moments in ns, by clocks that need not agree.
  void heard(std::uint64_t number, std::uint64_t sent, std::uint64_t now) noexcept {
    if (number < next_) {
      // It was overtaken (RFC 4737, 3.3), or is a copy. Of what is older than the window nobody
      // knows which.
      const bool recent = next_ - number <= window;
      if (recent && is_marked(number)) {
        ++duplicates_;
        return;
      }
      ++reordered_;
      if (recent) mark(number);
    } else {
      const auto skipped = number - next_;
      for (std::uint64_t i = 0; i < skipped && i < window; ++i) unmark(number - 1 - i);
      mark(number);
      next_ = number + 1;
    }
    // Interarrival jitter (RFC 3550, 6.4.1): the difference of two ways' times, smoothed.
    const auto way = now - sent;
    if (heard_ != 0)
      jitter_ +=
          (std::abs(static_cast<double>(static_cast<std::int64_t>(way - last_way_))) - jitter_) /
          16;
    last_way_ = way;
    ++heard_;
  }

  std::uint64_t count() const noexcept { return heard_; }

  /// `sent`: how many there were, once that is known.
  report told(std::optional<std::uint64_t> sent = std::nullopt) const noexcept {
    report all;
    all.datagrams = heard_;
    const auto expected = (std::max)(sent.value_or(0), next_);
    all.lost = expected > heard_ ? expected - heard_ : 0;
    all.reordered = reordered_;
    all.duplicates = duplicates_;
    all.jitter = static_cast<std::uint64_t>(jitter_);
    return all;
  }

 private:
  static constexpr std::uint64_t window = 4096;
  static constexpr std::uint64_t bit(std::uint64_t number) noexcept {
    return std::uint64_t{1} << number % 64;
  }
  std::uint64_t& word(std::uint64_t number) noexcept { return seen_[number % window / 64]; }
  bool is_marked(std::uint64_t number) noexcept { return (word(number) & bit(number)) != 0; }
  void mark(std::uint64_t number) noexcept { word(number) |= bit(number); }
  void unmark(std::uint64_t number) noexcept { word(number) &= ~bit(number); }

  std::uint64_t next_ = 0;  // more than the greatest number so far
  std::uint64_t heard_ = 0;
  std::uint64_t reordered_ = 0;
  std::uint64_t duplicates_ = 0;
  std::uint64_t last_way_ = 0;
  double jitter_ = 0;
  std::array<std::uint64_t, window / 64> seen_{};
};

}  // namespace portsock::tools::measuring
