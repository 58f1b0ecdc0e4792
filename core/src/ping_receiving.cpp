// SPDX-License-Identifier: MIT

// What came back, whose it is, and what did not come.

#include <algorithm>
#include <chrono>
#include <type_traits>
#include <variant>

#include "ping_state.hpp"

namespace portsock::ping {
namespace {

using namespace std::chrono_literals;

/// The same host, whatever link a scope names: quoted packets do not carry it.
bool same_host(ip_address left, ip_address right) noexcept {
  for (auto* address : {&left, &right})
    if (auto* v6 = std::get_if<ipv6_address>(address)) v6->scope = 0;
  return left == right;
}

/// What is shorter than the doubt about its beginning is no measurement: then it took at most that.
duration round_trip(const request& r, time_point arrival) noexcept {
  return (std::max)(duration{arrival - r.sent}, duration{r.unsure});
}

}  // namespace

std::uint64_t engine::state::number_of(const request& r) const noexcept {
  const auto begun = hosts_[r.host].begun;
  return begun - static_cast<std::uint32_t>(begun - r.number);
}

event engine::state::event_for(event::what kind, const request& r, std::uint64_t index,
                               time_point at) const {
  return {.kind = kind,
          .host = host_id{r.host},
          .number = number_of(r),
          .attempt = r.attempt,
          .index = static_cast<std::uint32_t>(index & 0xffff'ffff),
          .at = at};
}

void engine::state::depart(const icmp_departure& told) {
  const auto low = payloads_.find(told.packet);
  const auto index = low ? requests_.with_low_bits(*low) : std::nullopt;
  if (!index || requests_[*index].what != fate::open) return;
  requests_[*index].sent = told.left;
  requests_[*index].stamped = true;
  requests_[*index].unsure = 0;
}

void engine::state::judge(const icmp_event& got) {
  std::visit(
      [&](const auto& message) {
        if constexpr (requires { message.original; })
          refuse(got, message.original);
        else if constexpr (std::is_same_v<decltype(message), const icmp::echo_reply&>)
          accept(got, message);
      },
      got.message);
}

std::optional<std::uint64_t> engine::state::request_of(const icmp::echo& echo,
                                                       family of) const noexcept {
  if (const auto known = network_.identifier(of); known && *known != echo.identifier)
    return std::nullopt;
  if (!payloads_.are_ours(echo.payload)) return std::nullopt;
  // A sequence number that is not the index's is damage, which is for the caller to find.
  const auto told = index_in(echo.payload);
  if (told && static_cast<std::uint16_t>(*told & 0xffff) == echo.sequence)
    return requests_.with_low_bits(*told);
  return requests_.with_sequence(echo.sequence);
}

void engine::state::accept(const icmp_event& got, const icmp::echo_reply& reply) {
  const auto index = request_of(reply, family_of(got.from));
  // An error may quote less, but a host returns what it was sent.
  if (!index || reply.payload.size() < payloads_.cookie_size()) return;
  auto& r = requests_[*index];
  const auto& h = hosts_[r.host];
  const bool retries = when(h).retries != 0;

  auto told = event_for(event::what::reply, r, *index, got.arrival);
  told.from = got.from;
  told.size = got.size;
  told.hop_limit = got.hop_limit;
  told.round_trip = round_trip(r, got.arrival);
  told.stamped = got.stamped && r.stamped;
  told.truncated = reply.payload.size() < wanted_.size;
  told.message = &got.message;

  if (const auto wrong = payloads_.first_difference(reply.payload, told.index)) {
    told.kind = event::what::corrupted;
    told.wrong_byte = *wrong;
    return listener_.happened(told);
  }
  const bool latest = r.number == static_cast<std::uint32_t>(h.begun);
  if (r.what == fate::answered || (retries && latest && h.answered)) {
    told.kind = event::what::duplicate;
    if (r.what == fate::open) window_.closed(requests_, *index, got.arrival);
    r.what = fate::answered;
    return listener_.happened(told);
  }
  if (!retries && r.what == fate::open && told.round_trip > lanes_[r.lane].timeout)
    give_up(*index, got.arrival);  // it arrived before anybody looked at the clock
  const bool in_time = retries ? latest && h.open != 0 : r.what != fate::lost;
  if (!in_time) told.kind = event::what::late;
  const bool was_open = r.what == fate::open;
  r.what = fate::answered;
  if (was_open) window_.closed(requests_, *index, got.arrival);
  told.ends_round = in_time && (retries || was_open);
  if (told.ends_round) {
    hosts_[r.host].answered = true;
    end_round(r.host, told.number, got.arrival);
  }
  listener_.happened(told);
}

void engine::state::refuse(const icmp_event& got, const icmp::quoted& original) {
  if (!original.request) return;
  const auto index = request_of(*original.request, family_of(original.destination));
  if (!index) return;
  auto& r = requests_[*index];
  if (!same_host(original.destination, addresses_[r.host])) return;
  auto told = event_for(event::what::refused, r, *index, got.arrival);
  told.from = got.from;
  told.size = got.size;
  told.hop_limit = got.hop_limit;
  told.round_trip = round_trip(r, got.arrival);
  told.message = &got.message;
  // A redirect speaks of the way alone: the request itself went on.
  if (std::holds_alternative<icmp::redirect>(got.message)) {
    told.kind = event::what::notice;
  } else if (r.what == fate::open && when(hosts_[r.host]).retries == 0) {
    r.what = fate::refused;
    told.ends_round = true;
    window_.closed(requests_, *index, got.arrival);
    end_round(r.host, told.number, got.arrival);
  }
  listener_.happened(told);
}

void engine::state::expire(time_point now) {
  for (std::size_t which = 0; which != lanes_.size(); ++which) {
    auto& l = lanes_[which];
    l.next = (std::max)(l.next, requests_.begin());
    for (; l.next < requests_.end(); ++l.next) {
      const auto& r = requests_[l.next];
      if (r.lane != which || r.what != fate::open) continue;
      if (r.sent + l.timeout > now) break;
      give_up(l.next, now);
    }
  }
}

void engine::state::give_up(std::uint64_t index, time_point now) {
  window_.given_up(index);
  auto& r = requests_[index];
  r.what = fate::lost;
  auto& h = hosts_[r.host];
  const auto retries = when(h).retries;
  if (retries != 0) {
    const bool latest = r.number == static_cast<std::uint32_t>(h.begun) && r.attempt == h.attempt;
    if (!latest || h.answered || h.open == 0) return;
    if (r.attempt < retries) {
      h.attempt = static_cast<std::uint8_t>((h.attempt + 1) & 31);
      retries_.push_back(r.host);
      return;
    }
  }
  auto told = event_for(event::what::lost, r, index, now);
  told.ends_round = true;
  end_round(r.host, told.number, now);
  listener_.happened(told);
}

void engine::state::end_round(std::uint32_t id, std::uint64_t number, time_point now) {
  auto& h = hosts_[id];
  const auto& plan = when(h);
  --h.open;
  if (!has_more(h)) return note_if_done(h);
  if (plan.retries != 0) return await_turn(id, (std::max)(h.due + plan.interval, now));
  if (h.parked) {
    h.parked = false;
    return await_turn(id, (std::max)(h.due, now));
  }
  if (plan.interval == 0ns && plan.together != 0 && number == h.begun) await_turn(id, now);
}

}  // namespace portsock::ping
