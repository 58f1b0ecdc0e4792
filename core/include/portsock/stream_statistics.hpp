// SPDX-License-Identifier: MIT
#pragma once

// What the system has found out about a connection: how long its round trips take, how much is on
// the way, what had to be sent twice.

#include <chrono>
#include <cstdint>
#include <optional>

#include <portsock/stream_socket.hpp>

namespace portsock {

/// A moment's view of one TCP connection. What only some systems tell is absent where it is not
/// told: macOS counts in milliseconds, FreeBSD counts no bytes, Windows has no variation and counts
/// no segments, Linux counts bytes that were sent since 4.19.
struct stream_statistics {
  using microseconds = std::chrono::microseconds;

  microseconds round_trip{};  ///< smoothed (RFC 6298); 0: not measured yet
  std::optional<microseconds> round_trip_variation{};
  std::optional<microseconds> least_round_trip{};
  std::uint64_t congestion_window = 0;  ///< in bytes: may be on the way at a time (RFC 5681)
  std::uint32_t segment_size = 0;       ///< in bytes: the most that one segment carries
  std::optional<std::uint64_t> retransmitted_segments{};
  std::optional<std::uint64_t> retransmitted_bytes{};
  std::optional<std::uint64_t> bytes_sent{};  ///< those that were sent again included, where so
  std::optional<std::uint64_t> bytes_received{};
};

/// Errors: errc::not_supported where the system tells nothing (Windows before 10 1703, Wine, local
/// streams). Any thread may ask, while others send and receive.
result<stream_statistics> statistics_of(const stream_socket& socket) noexcept;

}  // namespace portsock
