// SPDX-License-Identifier: MIT
#pragma once

// The numbers of a run. Pure: no clock, no output.

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <deque>
#include <vector>

#include <portsock/ping.hpp>

namespace portsock::tools {

/// Extremes, mean and deviation of any number of values, in constant space and without the loss of
/// digits that sums of squares suffer (B. P. Welford, Technometrics 4, 1962).
class moments {
 public:
  void add(double value) noexcept;
  /// All of those at once (Chan, Golub and LeVeque, 1979).
  void add(const moments& others) noexcept;

  std::uint64_t count() const noexcept { return count_; }
  // All are 0 until there is a value.
  double smallest() const noexcept { return smallest_; }
  double largest() const noexcept { return largest_; }
  double mean() const noexcept { return mean_; }
  /// Of these values themselves, not an estimate from a sample: sqrt(E[x²] − E[x]²), which is what
  /// ping has always called mdev.
  double deviation() const noexcept;

 private:
  std::uint64_t count_ = 0;
  double smallest_ = 0;
  double largest_ = 0;
  double mean_ = 0;
  double squares_ = 0;  // sum of squared distances from the mean
};

/// How often each time occurred, in steps of a sixteenth of an octave: quantiles of any number of
/// values in 3 kB, at most 1/32 off, and never beyond the shortest and the longest.
class histogram {
 public:
  void add(std::chrono::nanoseconds time);
  /// The time that the part `portion` (0 to 1) of all does not exceed; 0 when there is none.
  std::chrono::nanoseconds quantile(double portion) const noexcept;

  struct bin {
    std::chrono::nanoseconds from;
    std::chrono::nanoseconds to;
    std::uint64_t count = 0;
  };
  /// Everything from the least to the greatest, in `most` bins at most, of which each is as many
  /// steps wide.
  std::vector<bin> bins(std::size_t most) const;

 private:
  static std::size_t step_of(std::uint64_t nanoseconds) noexcept;
  static double middle_of(std::size_t step) noexcept;
  static std::chrono::nanoseconds beginning_of(std::size_t step) noexcept;

  std::vector<std::uint32_t> counts_;  // empty until there is a value
  std::uint64_t count_ = 0;
  std::chrono::nanoseconds shortest_{};
  std::chrono::nanoseconds longest_{};
};

/// Runs of rounds without an answer, in the order of the rounds: the next ones may be answered long
/// before it is known that one is lost.
class loss_runs {
 public:
  /// What became of a round, from 1 on; once for each.
  void add(std::uint64_t round, bool answered);
  /// Those of another host.
  void add(const loss_runs& others) noexcept;

  std::uint64_t count() const noexcept { return tally_all().count; }
  std::uint64_t longest() const noexcept { return tally_all().longest; }

 private:
  enum class outcome : std::uint8_t { unknown, answered, missed };
  struct tally {
    std::uint64_t count = 0;
    std::uint64_t longest = 0;
    std::uint64_t current = 0;  // how long the run is that goes on

    void add(outcome what) noexcept;
  };
  tally tally_all() const noexcept;

  tally known_;                // of the rounds before next_
  std::uint64_t next_ = 1;     // the first of which it is not known
  std::deque<outcome> later_;  // of that one and those behind it
};

struct statistics {
  std::uint64_t sent = 0;
  std::uint64_t received = 0;      ///< rounds that were answered whole and in time
  std::uint64_t duplicates = 0;    ///< further replies to answered rounds
  std::uint64_t corrupted = 0;     ///< replies that do not carry what was sent
  std::uint64_t late = 0;          ///< replies after the timeout
  std::uint64_t errors = 0;        ///< refusals, by the network or by this system
  std::uint64_t out_of_order = 0;  ///< replies after one to a later request
  loss_runs losses{};
  std::uint64_t highest = 0;           ///< number of the latest round that was answered
  moments round_trip{};                ///< of what was received, in milliseconds
  double smoothed = 0;                 ///< round trip, of which each new one is an eighth; in ms
  moments jitter{};                    ///< how much it differs from the one before, in milliseconds
  std::chrono::nanoseconds latest{};   ///< round trip
  std::chrono::nanoseconds elapsed{};  ///< from the first request to the last thing that happened

  /// Counts what the engine told, since `began`. `spread` has the times too, unless it is null.
  void note(const ping::event& what, ping::time_point began, histogram* spread);

  /// In percent; 0 when nothing was sent.
  double loss() const noexcept;
};

}  // namespace portsock::tools
