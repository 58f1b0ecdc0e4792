// SPDX-License-Identifier: MIT
#pragma once

// How a run went, in constant space: what pictures are drawn of. Pure: no clock, no output.

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <deque>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include <tools/ping/report.hpp>
#include <tools/ping/statistics.hpp>

namespace portsock::tools {

/// The rounds of one host from the first to the last. Each has a place of its own, until there are
/// too many: then neighbours share one.
class course {
 public:
  struct place {
    std::chrono::nanoseconds begin{};  ///< when the first of its rounds was settled
    std::uint64_t answered = 0;
    std::uint64_t lost = 0;
    moments round_trip{};  ///< in milliseconds
  };
  /// `most` places, an even number.
  explicit course(std::size_t most = 960) : most_{most} {}

  /// A round that ended; nothing: without an answer.
  void add(std::chrono::nanoseconds when, std::optional<std::chrono::nanoseconds> round_trip);
  std::span<const place> places() const noexcept { return places_; }

 private:
  void share();

  std::size_t most_;
  std::uint64_t rounds_in_each_ = 1;
  std::vector<place> places_;
};

/// What is kept of one host.
struct track {
  std::string name;
  course whole{};
  std::deque<std::optional<std::chrono::nanoseconds>> latest{};  ///< rounds, the newest at the end
  statistics numbers{};
  histogram spread{};
};

/// Listens to what happens, and keeps it.
class recording {
 public:
  /// So many hosts have a track; what the others do is in all() alone.
  static constexpr std::size_t most_tracks = 64;
  static constexpr std::size_t most_latest = 512;

  void add(const subject& host, const ping::event& what);

  std::span<const track> tracks() const noexcept { return tracks_; }
  const statistics& all() const noexcept { return all_; }
  const histogram& spread() const noexcept { return spread_; }
  std::size_t hosts() const noexcept { return hosts_; }
  std::chrono::nanoseconds elapsed() const noexcept { return elapsed_; }

 private:
  std::vector<track> tracks_;  // by host
  statistics all_;
  histogram spread_;
  std::size_t hosts_ = 0;
  std::optional<ping::time_point> began_;
  std::chrono::nanoseconds elapsed_{};
};

}  // namespace portsock::tools
