// SPDX-License-Identifier: MIT
#include <tools/ping/statistics.hpp>

#include <algorithm>
#include <bit>
#include <cmath>
#include <cstdlib>

namespace portsock::tools {
namespace {

/// As far as 2^43 ns, more than two hours.
constexpr std::size_t steps = std::size_t{16} * 40;

}  // namespace

void moments::add(double value) noexcept {
  smallest_ = count_ == 0 ? value : (std::min)(smallest_, value);
  largest_ = count_ == 0 ? value : (std::max)(largest_, value);
  ++count_;
  const double before = value - mean_;
  mean_ += before / static_cast<double>(count_);
  squares_ += before * (value - mean_);
}

void moments::add(const moments& others) noexcept {
  if (others.count_ == 0) return;
  if (count_ == 0) {
    *this = others;
    return;
  }
  smallest_ = (std::min)(smallest_, others.smallest_);
  largest_ = (std::max)(largest_, others.largest_);
  const auto mine = static_cast<double>(count_);
  const auto theirs = static_cast<double>(others.count_);
  const double apart = others.mean_ - mean_;
  mean_ += apart * theirs / (mine + theirs);
  squares_ += others.squares_ + apart * apart * mine * theirs / (mine + theirs);
  count_ += others.count_;
}

double moments::deviation() const noexcept {
  return count_ == 0 ? 0 : std::sqrt(squares_ / static_cast<double>(count_));
}

void histogram::add(std::chrono::nanoseconds time) {
  const auto step =
      step_of(static_cast<std::uint64_t>((std::max)(time, std::chrono::nanoseconds{0}).count()));
  if (counts_.empty()) counts_.resize(steps);
  ++counts_[(std::min)(step, steps - 1)];
  shortest_ = count_ == 0 ? time : (std::min)(shortest_, time);
  longest_ = (std::max)(longest_, time);
  ++count_;
}

std::chrono::nanoseconds histogram::quantile(double portion) const noexcept {
  const auto wanted = (std::max)(1.0, std::ceil(portion * static_cast<double>(count_)));
  std::uint64_t passed = 0;
  for (std::size_t step = 0; step != counts_.size(); ++step) {
    passed += counts_[step];
    if (static_cast<double>(passed) >= wanted)
      return std::clamp(std::chrono::nanoseconds{std::llround(middle_of(step))}, shortest_,
                        longest_);
  }
  return {};
}

std::vector<histogram::bin> histogram::bins(std::size_t most) const {
  const auto first = std::ranges::find_if(counts_, [](auto count) { return count != 0; });
  if (first == counts_.end() || most == 0) return {};
  auto last = counts_.end();
  while (*(last - 1) == 0) --last;
  const auto begin = static_cast<std::size_t>(first - counts_.begin());
  const auto end = static_cast<std::size_t>(last - counts_.begin());
  const auto width = (end - begin + most - 1) / most;
  std::vector<bin> made;
  for (auto step = begin; step < end; step += width) {
    auto& one = made.emplace_back(beginning_of(step), beginning_of(step + width));
    for (auto at = step; at < (std::min)(step + width, counts_.size()); ++at)
      one.count += counts_[at];
  }
  return made;
}

std::chrono::nanoseconds histogram::beginning_of(std::size_t step) noexcept {
  if (step < 16) return std::chrono::nanoseconds{static_cast<std::int64_t>(step)};
  const auto octave = static_cast<int>(step / 16) + 3;
  return std::chrono::nanoseconds{
      static_cast<std::int64_t>(std::ldexp(16.0 + static_cast<double>(step % 16), octave - 4))};
}

// Below 16 each number has a step; above, the four bits behind the highest tell it.
std::size_t histogram::step_of(std::uint64_t value) noexcept {
  if (value < 16) return static_cast<std::size_t>(value);
  const auto octave = static_cast<std::size_t>(std::bit_width(value)) - 1;
  return 16 * (octave - 3) + static_cast<std::size_t>(value >> (octave - 4) & 15);
}
double histogram::middle_of(std::size_t step) noexcept {
  if (step < 16) return static_cast<double>(step);
  const auto octave = static_cast<int>(step / 16) + 3;
  return std::ldexp(16.5 + static_cast<double>(step % 16), octave - 4);
}

void loss_runs::tally::add(outcome what) noexcept {
  if (what == outcome::answered) current = 0;
  if (what != outcome::missed) return;
  if (current++ == 0) ++count;
  longest = (std::max)(longest, current);
}

void loss_runs::add(std::uint64_t round, bool answered) {
  if (round < next_) return;
  const auto place = static_cast<std::size_t>(round - next_);
  if (later_.size() <= place) later_.resize(place + 1);
  later_[place] = answered ? outcome::answered : outcome::missed;
  for (; !later_.empty() && later_.front() != outcome::unknown; ++next_) {
    known_.add(later_.front());
    later_.pop_front();
  }
}

void loss_runs::add(const loss_runs& others) noexcept {
  const auto theirs = others.tally_all();
  known_.count += theirs.count;
  known_.longest = (std::max)(known_.longest, theirs.longest);
}

loss_runs::tally loss_runs::tally_all() const noexcept {
  auto all = known_;
  for (const auto one : later_) all.add(one);
  return all;
}

void statistics::note(const ping::event& what, ping::time_point began, histogram* spread) {
  using kind = ping::event::what;
  // That nothing came is known only after the timeout, which is no part of the run.
  if (what.kind != kind::lost)
    elapsed = (std::max)(elapsed, std::chrono::nanoseconds{what.at - began});
  if (what.ends_round) losses.add(what.number, what.kind == kind::reply);
  switch (what.kind) {
    case kind::sent:
      ++sent;
      break;
    case kind::not_sent:
      ++sent;
      ++errors;
      break;
    case kind::reply: {
      const auto in_milliseconds = [](std::chrono::nanoseconds time) {
        return std::chrono::duration<double, std::milli>{time}.count();
      };
      if (received != 0) jitter.add(std::abs(in_milliseconds(what.round_trip - latest)));
      ++received;
      if (what.number < highest) ++out_of_order;
      highest = (std::max)(highest, what.number);
      latest = what.round_trip;
      // As RFC 9293, 3.8.1 has it for TCP, and ping's "ewma".
      smoothed += (in_milliseconds(what.round_trip) - smoothed) / (received == 1 ? 1 : 8);
      round_trip.add(in_milliseconds(what.round_trip));
      if (spread != nullptr) spread->add(what.round_trip);
      break;
    }
    case kind::duplicate:
      ++duplicates;
      break;
    case kind::late:
      ++late;
      break;
    case kind::corrupted:
      ++corrupted;
      break;
    case kind::refused:
      ++errors;
      break;
    case kind::lost:
    case kind::notice:
      break;
  }
}

double statistics::loss() const noexcept {
  if (sent == 0) return 0;
  return 100 * static_cast<double>(sent - (std::min)(sent, received)) / static_cast<double>(sent);
}

}  // namespace portsock::tools
