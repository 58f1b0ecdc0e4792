// SPDX-License-Identifier: MIT

// Which host is next, and what leaves for it.

#include <algorithm>
#include <array>
#include <chrono>

#include "ping_state.hpp"

namespace portsock::ping {
namespace {

using namespace std::chrono_literals;

/// How long a host without an interval, and a system without room, are left alone.
constexpr duration breath = 10ms;
/// How far behind its schedule a host may be and still catch up. After a longer standstill the
/// rounds that were missed begin no more, instead of as a burst.
constexpr duration longest_delay = 100ms;
/// What a request's 32 bits hold of it.
constexpr duration longest_doubt = 4s;

}  // namespace

std::optional<time_point> engine::state::next_turn() const noexcept {
  if (!retries_.empty() || fresh_ < hosts_.size()) return time_point::min();
  if (!turns_.empty()) return turns_.top().due;
  return std::nullopt;
}

std::optional<engine::state::draft> engine::state::take_due(time_point now) {
  while (!retries_.empty()) {
    const auto id = retries_.front();
    retries_.pop_front();
    const auto& h = hosts_[id];
    if (h.open != 0 && !h.answered) return draft{id, h.begun, h.attempt};
  }
  while (!turns_.empty() && turns_.top().due <= now) {
    const auto [due, id] = turns_.top();
    turns_.pop();
    if (hosts_[id].due != due) continue;  // it was put off
    if (const auto begun = begin_round(id, now)) return begun;
  }
  while (fresh_ < hosts_.size()) {
    const auto id = fresh_++;
    hosts_[id].due = now;
    if (const auto begun = begin_round(id, now)) return begun;
  }
  return std::nullopt;
}

std::optional<engine::state::draft> engine::state::begin_round(std::uint32_t id, time_point now) {
  auto& h = hosts_[id];
  if (!has_more(h)) return std::nullopt;
  const auto& plan = when(h);
  if (plan.together != 0 && h.open >= plan.together && plan.interval != 0ns) {
    h.parked = true;
    return std::nullopt;
  }
  ++h.begun;
  ++h.open;
  h.attempt = 0;
  h.answered = false;
  plan_next(id, now);
  return draft{id, h.begun, 0};
}

void engine::state::plan_next(std::uint32_t id, time_point now) {
  auto& h = hosts_[id];
  const auto& plan = when(h);
  if (!has_more(h) || plan.retries != 0) return;  // with retries: when the round ends
  if (h.begun < plan.preload) return await_turn(id, h.due);
  if (plan.interval == 0ns) {
    const bool waits = plan.together != 0 && h.open >= plan.together;
    return await_turn(id, waits ? now + breath : now);
  }
  // From the time when it was due, not when it left: so delays do not add up.
  if (now - h.due > (std::max)(longest_delay, plan.interval)) h.due = now;
  await_turn(id, h.due + plan.interval);
}

void engine::state::await_turn(std::uint32_t id, time_point due) {
  hosts_[id].due = due;
  turns_.push({due, id});
}

void engine::state::fill_batch(time_point now) {
  batch_begin_ = batch_end_ = 0;
  const auto rate = wanted_.packets_per_second;
  const auto each = rate != 0 ? duration{1s} / rate : duration{};
  auto allowed = icmp_batch_size;
  if (rate != 0) {
    if (now < next_by_rate_) return;
    next_by_rate_ = next_by_rate_ == time_point{} ? now : (std::max)(next_by_rate_, now - breath);
    allowed = (std::min)(allowed, static_cast<std::size_t>(1 + (now - next_by_rate_) / each));
  }
  while (batch_end_ < allowed && !window_.is_full()) {
    const auto found = take_due(now);
    if (!found) break;
    const auto index = requests_.end() + batch_end_;
    batch_[batch_end_] = {
        .request = {{self_.identifier, static_cast<std::uint16_t>(index & 0xffff),
                     payloads_.of(static_cast<std::uint32_t>(index & 0xffff'ffff), batch_end_)}},
        .peer = addresses_[found->host],
        .hop_limit = when(hosts_[found->host]).hop_limit};
    drafts_[batch_end_++] = *found;
    next_by_rate_ += each;
    window_.sent();
  }
}

bool engine::state::send_batch(time_point now) {
  if (now < blocked_until_) return false;
  if (batch_begin_ == batch_end_) fill_batch(now);
  const auto count = batch_end_ - batch_begin_;
  if (count == 0) return false;

  const auto sent = network_.send(std::span{batch_}.subspan(batch_begin_, count));
  if (!sent && sent.error() == errc::would_block) {
    blocked_until_ = now + breath;
    return false;
  }
  if (!sent) {
    enter(drafts_[batch_begin_++], now, sent.error());
    return true;
  }
  for (std::size_t i = 0; i != *sent; ++i, ++batch_begin_)
    enter(drafts_[batch_begin_], batch_[batch_begin_].left, std::nullopt,
          batch_[batch_begin_].unsure);
  return true;
}

void engine::state::enter(const draft& which, time_point left, std::optional<error> failed,
                          duration unsure) {
  const auto index = requests_.end();
  const auto& plan = plans_[hosts_[which.host].plan];
  const auto& entered = requests_.add(
      {.sent = left,
       .host = which.host,
       .number = static_cast<std::uint32_t>(which.number),
       .attempt = which.attempt,
       .lane = plan.lanes[which.attempt],
       .unsure = static_cast<std::uint32_t>((std::min)(unsure, duration{longest_doubt}).count())});
  auto told = event_for(event::what::sent, entered, index, left);
  told.number = which.number;
  if (!failed) return listener_.happened(told);

  window_.given_up(index);
  requests_[index].what = fate::refused;
  hosts_[which.host].answered = true;  // nothing is to be waited for, nor tried again
  end_round(which.host, which.number, left);
  told.kind = event::what::not_sent;
  told.ends_round = true;
  told.reason = *failed;
  listener_.happened(told);
}

}  // namespace portsock::ping
