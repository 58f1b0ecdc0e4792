// SPDX-License-Identifier: MIT
#include "rounds.hpp"

#include <algorithm>
#include <cmath>
#include <cstdio>
#include <numeric>
#include <random>

namespace compare {

estimate median_of(std::vector<double> samples) {
  std::ranges::sort(samples);
  const auto count = samples.size();
  // Order statistics: as many samples lie below the true median as heads fall in `count` throws.
  const double away = 1.96 * std::sqrt(static_cast<double>(count)) / 2;
  const double lowest = std::floor(static_cast<double>(count) / 2 - away);
  const auto low = lowest < 0 ? 0 : static_cast<std::size_t>(lowest);
  const auto middle = (samples[(count - 1) / 2] + samples[count / 2]) / 2;
  return {middle, samples[low], samples[count - 1 - low]};
}

void compete(std::string_view suite, const std::vector<contender>& contenders,
             const settings& wanted, std::vector<outcome>& outcomes) {
  if (contenders.empty()) return;
  std::mt19937 dice{std::random_device{}()};
  std::vector<std::vector<double>> costs(contenders.size());
  std::vector<std::vector<double>> ratios(contenders.size());
  std::vector<std::size_t> order(contenders.size());
  std::iota(order.begin(), order.end(), 0u);
  std::vector<double> round(contenders.size());

  for (const auto& each : contenders) each.slice();  // to warm up
  const auto begin = std::chrono::steady_clock::now();
  std::size_t rounds = 0;
  while (
      rounds < wanted.most_rounds &&
      (rounds < wanted.fewest_rounds || std::chrono::steady_clock::now() - begin < wanted.budget)) {
    std::ranges::shuffle(order, dice);
    for (const auto i : order) round[i] = contenders[i].slice();
    for (std::size_t i = 0; i != round.size(); ++i) {
      costs[i].push_back(round[i]);
      ratios[i].push_back(round[i] / round[0]);
    }
    ++rounds;
  }
  for (std::size_t i = 0; i != contenders.size(); ++i) {
    outcomes.push_back({std::string{suite}, contenders[i].name, median_of(costs[i]).median,
                        median_of(ratios[i]), rounds});
    const auto& last = outcomes.back();
    std::printf("%-22s %-22s %10.1f ns  x %.3f [%.3f-%.3f]  %zu rounds\n", last.suite.c_str(),
                last.name.c_str(), last.nanoseconds, last.ratio.median, last.ratio.low,
                last.ratio.high, rounds);
  }
  std::fflush(stdout);
}

}  // namespace compare
