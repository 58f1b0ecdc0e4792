// SPDX-License-Identifier: MIT
#pragma once

// The numbers of a run. Pure: no clock, no output.

#include <chrono>
#include <cstdint>

namespace portsock::tools {

/// Extremes, mean and deviation of any number of values, in constant space and without the loss of
/// digits that sums of squares suffer (B. P. Welford, Technometrics 4, 1962).
class moments {
 public:
  void add(double value) noexcept;

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

struct statistics {
  std::uint64_t sent = 0;
  std::uint64_t received = 0;    ///< requests that were answered whole and in time
  std::uint64_t duplicates = 0;  ///< further replies to answered requests
  std::uint64_t corrupted = 0;   ///< replies that do not carry what was sent
  std::uint64_t late = 0;        ///< replies after the timeout
  std::uint64_t errors = 0;      ///< requests that were refused: by the network, or by this system
  moments round_trip{};          ///< of what was received, in milliseconds
  std::chrono::nanoseconds elapsed{};  ///< from the first request to the last thing that happened

  /// In percent; 0 when nothing was sent.
  double loss() const noexcept;
};

}  // namespace portsock::tools
