// SPDX-License-Identifier: MIT
#pragma once

// What became of each request of an engine so far.

#include <array>
#include <cstddef>
#include <cstdint>
#include <deque>
#include <optional>

#include <portsock/ping.hpp>

namespace portsock::ping {

enum class fate : std::uint8_t { open, refused, answered, lost };

struct request {
  time_point sent{};
  std::uint32_t host = 0;
  std::uint32_t number = 0;  ///< low bits of the round's
  std::uint8_t attempt = 0;
  std::uint8_t lane = 0;  ///< which timeout it has
  fate what = fate::open;
  bool stamped = false;      ///< `sent` is the kernel's
  std::uint32_t unsure = 0;  ///< nanoseconds by which `sent` may be off
};

static_assert(sizeof(request) == 24);

/// Remembers the latest requests: 65,536, as many as sequence numbers tell apart, or as many as
/// there are since the oldest open one. Indexes count from 1 and do not wrap; on the wire are their
/// low 32 bits, and their low 16 bits as the sequence number.
class requests {
 public:
  /// The first that is remembered, and one behind the latest.
  std::uint64_t begin() const noexcept { return begin_; }
  std::uint64_t end() const noexcept { return end_; }

  request& operator[](std::uint64_t index) noexcept {
    return chunks_[chunk_of(index)][index % chunk_size];
  }
  const request& operator[](std::uint64_t index) const noexcept {
    return chunks_[chunk_of(index)][index % chunk_size];
  }

  request& add(const request& made);

  /// The request with these low bits, if it is remembered.
  std::optional<std::uint64_t> with_low_bits(std::uint32_t index) const noexcept {
    return in_range(begin_ +
                    static_cast<std::uint32_t>(index - static_cast<std::uint32_t>(begin_)));
  }
  /// The latest request with this sequence number, if it is remembered.
  std::optional<std::uint64_t> with_sequence(std::uint16_t sequence) const noexcept {
    const auto behind = static_cast<std::uint16_t>(end_ - 1 - sequence);
    if (behind >= end_ - begin_) return std::nullopt;
    return end_ - 1 - behind;
  }

 private:
  static constexpr std::size_t kept = 65'536;
  /// The memory comes and goes in chunks, so that nothing has to be copied when there are more.
  static constexpr std::size_t chunk_size = 1024;

  std::size_t chunk_of(std::uint64_t index) const noexcept {
    return static_cast<std::size_t>(index / chunk_size - first_chunk_);
  }
  std::optional<std::uint64_t> in_range(std::uint64_t index) const noexcept {
    if (index < begin_ || index >= end_) return std::nullopt;
    return index;
  }

  std::deque<std::array<request, chunk_size>> chunks_;
  std::uint64_t first_chunk_ = 0;
  std::uint64_t begin_ = 1;
  std::uint64_t end_ = 1;
};

}  // namespace portsock::ping
