// SPDX-License-Identifier: MIT
#include <tools/ping/course.hpp>

#include <algorithm>

namespace portsock::tools {
namespace {

using kind = ping::event::what;

double milliseconds_in(std::chrono::nanoseconds time) noexcept {
  return std::chrono::duration<double, std::milli>{time}.count();
}

void note(statistics& numbers, const ping::event& what, ping::time_point began, histogram* spread) {
  // The report hears of what became of requests, not of the requests.
  if (what.ends_round && what.kind != kind::not_sent) ++numbers.sent;
  if (what.kind != kind::sent) numbers.note(what, began, spread);
}

}  // namespace

void course::add(std::chrono::nanoseconds when,
                 std::optional<std::chrono::nanoseconds> round_trip) {
  const auto is_full = [this](const place& one) {
    return one.answered + one.lost == rounds_in_each_;
  };
  if (places_.empty() || is_full(places_.back())) {
    if (places_.size() == most_) share();
    places_.push_back({.begin = when});
  }
  auto& last = places_.back();
  if (round_trip) {
    ++last.answered;
    last.round_trip.add(milliseconds_in(*round_trip));
  } else {
    ++last.lost;
  }
}

void course::share() {
  for (std::size_t i = 0; i != most_ / 2; ++i) {
    const auto& right = places_[2 * i + 1];
    places_[i] = places_[2 * i];
    places_[i].answered += right.answered;
    places_[i].lost += right.lost;
    places_[i].round_trip.add(right.round_trip);
  }
  places_.resize(most_ / 2);
  rounds_in_each_ *= 2;
}

void recording::add(const subject& host, const ping::event& what) {
  if (!began_) began_ = what.at - what.round_trip;
  const auto when = what.at - *began_;
  elapsed_ = (std::max)(elapsed_, std::chrono::nanoseconds{when});
  note(all_, what, *began_, &spread_);
  const auto id = static_cast<std::size_t>(what.host);
  hosts_ = (std::max)(hosts_, id + 1);
  if (id >= most_tracks) return;
  if (tracks_.size() <= id) tracks_.resize(id + 1);
  auto& kept = tracks_[id];
  if (kept.name.empty()) kept.name = host.name;
  note(kept.numbers, what, *began_, &kept.spread);
  if (!what.ends_round) return;
  const auto time =
      what.kind == kind::reply ? std::optional{what.round_trip} : std::optional<ping::duration>{};
  kept.whole.add(when, time);
  kept.latest.push_back(time);
  if (kept.latest.size() > most_latest) kept.latest.pop_front();
}

}  // namespace portsock::tools
