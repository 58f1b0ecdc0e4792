// SPDX-License-Identifier: MIT
#pragma once

// How contenders are compared on a machine whose speed drifts: in rounds, in each of which all of
// them work for a slice, in random order; what counts is the ratio inside a round.

#include <chrono>
#include <cstddef>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

namespace compare {

/// What is being measured; a smoke run does each thing twice and no more.
struct settings {
  std::chrono::duration<double> budget{12};  ///< for each suite
  std::chrono::milliseconds slice{20};
  std::size_t fewest_rounds = 25;
  std::size_t most_rounds = 400;
  double scale = 1;           ///< of the amount of work in slices that are not measured in time
  std::size_t many = 10'000;  ///< connections, where it says many
};

struct contender {
  std::string name;
  std::function<double()> slice;  ///< works for a while; nanoseconds of CPU for each operation
};

/// Median, and the interval that holds the true one in 95 of 100 runs.
struct estimate {
  double median, low, high;
};

struct outcome {
  std::string suite, name;
  double nanoseconds;  ///< median of each operation
  estimate ratio;      ///< to the first contender's cost
  std::size_t rounds;
};

estimate median_of(std::vector<double> samples);

/// Runs all of them and reports each as it goes.
void compete(std::string_view suite, const std::vector<contender>& contenders, const settings&,
             std::vector<outcome>& outcomes);

}  // namespace compare
