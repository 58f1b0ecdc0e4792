// SPDX-License-Identifier: MIT
#pragma once

// What became of each request so far.

#include <cstddef>
#include <cstdint>
#include <optional>
#include <vector>

#include <portsock/deadline.hpp>

namespace portsock::tools {

/// Remembers the latest 65,536 requests, as many as sequence numbers tell apart. A request's index
/// counts from 1, and its sequence number is the index's low 16 bits.
class ledger {
 public:
  using time_point = deadline::clock::time_point;
  using duration = deadline::clock::duration;

  enum class fate : std::uint8_t { open, refused, answered };

  struct request {
    time_point sent;
    fate what = fate::open;
  };

  /// `timeout` is how long a reply may take.
  explicit ledger(duration timeout) noexcept : timeout_{timeout} {}

  /// How many there were: the index of the latest.
  std::uint64_t size() const noexcept { return size_; }

  /// Enters the next request.
  request& add(time_point sent);

  /// The index of the latest request with this sequence number; 0: there was none.
  std::uint64_t index_of(std::uint16_t sequence) const noexcept;
  /// One of the latest 65,536.
  request& at(std::uint64_t index) noexcept { return ring_[slot(index)]; }

  /// Until when a reply in time can still come, as far as is known `now`: the time of the oldest
  /// open request. Nothing when all are closed or lost.
  std::optional<time_point> awaited_until(time_point now) noexcept;

 private:
  static constexpr std::uint64_t capacity = 65'536;

  static std::size_t slot(std::uint64_t index) noexcept {
    return static_cast<std::size_t>((index - 1) % capacity);
  }

  duration timeout_;
  std::vector<request> ring_;
  std::uint64_t size_ = 0;
  std::uint64_t oldest_ = 1;  // the first that may be open; none before it is
};

}  // namespace portsock::tools
