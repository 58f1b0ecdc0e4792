// SPDX-License-Identifier: MIT
#include <tools/measure/board.hpp>

#include <algorithm>

namespace portsock::tools::measuring {
namespace {

using amount_of = std::optional<std::uint64_t> report::*;

/// Of those who know it; nothing when nobody does.
std::optional<std::uint64_t> known_sum(const std::vector<report>& parts, amount_of what,
                                       std::uint64_t& knowing) {
  std::optional<std::uint64_t> sum;
  knowing = 0;
  for (const auto& part : parts) {
    if (!(part.*what)) continue;
    sum = sum.value_or(0) + *(part.*what);
    ++knowing;
  }
  return sum;
}

std::optional<std::uint64_t> known_mean(const std::vector<report>& parts, amount_of what) {
  std::uint64_t knowing = 0;
  const auto sum = known_sum(parts, what, knowing);
  if (!sum) return sum;
  return *sum / knowing;
}

}  // namespace

report sum_of(const std::vector<report>& parts) {
  report all;
  for (const auto& part : parts) {
    all.elapsed = (std::max)(all.elapsed, part.elapsed);
    all.bytes += part.bytes;
    all.datagrams += part.datagrams;
    all.lost += part.lost;
    all.reordered += part.reordered;
    all.duplicates += part.duplicates;
    all.jitter += part.jitter / parts.size();
  }
  std::uint64_t knowing = 0;
  all.retransmitted = known_sum(parts, &report::retransmitted, knowing);
  all.round_trip = known_mean(parts, &report::round_trip);
  all.variation = known_mean(parts, &report::variation);
  all.window = known_mean(parts, &report::window);
  all.discarded = known_sum(parts, &report::discarded, knowing);
  return all;
}

void board::post(std::size_t which, const report& told) {
  const std::lock_guard held{lock_};
  auto& waiting = streams_[which].waiting;
  if (waiting.size() == most_waiting) waiting.pop_front();
  waiting.push_back(told);
  changed_.notify_all();
}

void board::end(std::size_t which, result<report> how) {
  const std::lock_guard held{lock_};
  auto& one = streams_[which];
  one.ended = true;
  if (how) {
    one.waiting.push_back(*how);
  } else {
    one.reason = how.error();
  }
  changed_.notify_all();
}

std::optional<report> board::next() {
  std::unique_lock held{lock_};
  changed_.wait(held, [this] {
    return std::ranges::all_of(streams_,
                               [](const auto& one) { return one.ended || !one.waiting.empty(); });
  });
  bool any = false;
  std::vector<report> parts;
  for (auto& one : streams_) {
    if (!one.waiting.empty()) {
      any = true;
      one.last = one.waiting.front();
      one.waiting.pop_front();
    }
    parts.push_back(one.last);
  }
  if (!any) return std::nullopt;
  return sum_of(parts);
}

report board::total() const {
  const std::lock_guard held{lock_};
  std::vector<report> parts;
  parts.reserve(streams_.size());
  for (const auto& one : streams_) parts.push_back(one.last);
  return sum_of(parts);
}

std::optional<error> board::trouble() const {
  const std::lock_guard held{lock_};
  for (const auto& one : streams_)
    if (one.reason) return one.reason;
  return std::nullopt;
}

}  // namespace portsock::tools::measuring
