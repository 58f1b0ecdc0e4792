// SPDX-License-Identifier: MIT
#pragma once

// How many requests are in flight, and how many may be.

#include <algorithm>
#include <chrono>
#include <cstdint>

#include "ping_requests.hpp"

namespace portsock::ping {

/// Requests count as in flight until they are answered, until a later one is, or until they can no
/// longer be queued anywhere: a host that is down takes up no room for all of its timeout. That
/// time is long while most requests are answered, since a pause of everything is then a responder
/// that had to wait, and short among hosts that are down.
class window {
 public:
  explicit window(std::uint32_t largest) noexcept
      : largest_{static_cast<double>((std::max)(largest, 1u))}, size_{(std::min)(largest_, 64.0)} {}

  bool is_empty() const noexcept { return in_flight_ == 0; }
  bool is_full() const noexcept { return in_flight_ >= static_cast<std::uint64_t>(size_); }
  void sent() noexcept { ++in_flight_; }

  /// A request was answered, or refused by the network: so it is not queued any more.
  void closed(const requests& all, std::uint64_t index, time_point now) noexcept {
    using namespace std::chrono_literals;
    const auto round_trip = now - all[index].sent;
    typical_ += (round_trip - typical_) / 8;
    if (index < floor_) return;
    --in_flight_;
    last_ = now;
    size_ = (std::min)(largest_, size_ + 1 / size_);
    const auto overtaken = all[index].sent - (std::max)(duration{1ms}, typical_ / 4);
    while (floor_ < index && all[floor_].sent < overtaken) pass(all);
  }
  /// An open request was given up.
  void given_up(std::uint64_t index) noexcept {
    if (index >= floor_) --in_flight_;
  }

  void advance(const requests& all, time_point now) noexcept {
    floor_ = (std::max)(floor_, all.begin());
    while (floor_ < all.end() && released_at(all) <= now) {
      if (all[floor_].what == fate::open && answered_ > 0.5 && now - last_ > patience())
        size_ = (std::max)((std::min)(8.0, largest_), size_ / 2), last_ = now;
      pass(all);
    }
  }
  /// When the oldest in flight is not counted any more.
  time_point released_at(const requests& all) const noexcept {
    if (floor_ >= all.end()) return time_point::max();
    // An answered one takes up no room: it waits to be passed only so that the order holds.
    return all[floor_].what == fate::open ? all[floor_].sent + patience() : time_point::min();
  }

 private:
  duration patience() const noexcept {
    using namespace std::chrono_literals;
    return answered_ > 0.5 && typical_ < 25ms ? 100ms : 10ms;
  }
  void pass(const requests& all) noexcept {
    const bool open = all[floor_].what == fate::open;
    if (open) --in_flight_;
    answered_ += ((open ? 0.0 : 1.0) - answered_) / 32;
    ++floor_;
  }

  double largest_;
  double size_;
  std::uint64_t in_flight_ = 0;
  std::uint64_t floor_ = 1;  // those before it are not counted
  double answered_ = 0;      // which part of the latest was
  duration typical_{};       // round trip
  time_point last_{};        // when one was closed
};

}  // namespace portsock::ping
