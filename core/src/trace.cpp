// SPDX-License-Identifier: MIT
#include <portsock/trace.hpp>

#include <algorithm>
#include <variant>

namespace portsock::ping {

trace::trace(link& network, listener& told, const ip_address& host, const trace_schedule& when,
             const settings& wanted, const identity& self)
    : when_{when}, host_{host}, told_{told}, pings_{network, *this, wanted, self} {
  if (when.first == 0 || when.last < when.first || when.count == 0 || when.ahead == 0 ||
      when.silent == 0)
    asked_ = fail(errc::invalid_argument);
  ask_further();
}

result<> trace::advance() {
  if (!asked_) return asked_;
  if (const auto done = pings_.advance(); !done) return done;
  return asked_;
}

void trace::stop() noexcept {
  stopped_ = true;
  pings_.stop();
}

std::size_t trace::hops() const noexcept {
  if (end_ != unknown) return end_ + 1;
  const auto last = std::ranges::find_if(hops_.rbegin(), hops_.rend(), &hop::heard);
  return static_cast<std::size_t>(hops_.rend() - last);
}

void trace::happened(const event& what) {
  const auto which = static_cast<std::size_t>(what.host);
  if (which > end_) return;
  note(which, what);
  told_.happened(what);
  ask_further();
}

void trace::note(std::size_t which, const event& what) {
  auto& of = hops_[which];
  switch (what.kind) {
    case event::what::reply:
    case event::what::duplicate:
    case event::what::late:
    case event::what::corrupted:
      of = {.heard = true, .settled = true};
      reached_ = true;
      return end_at(which);
    case event::what::refused:
      of = {.heard = true, .settled = true};
      if (!std::holds_alternative<icmp::time_exceeded>(*what.message)) end_at(which);
      return;
    case event::what::lost:
    case event::what::not_sent:
      of.settled = true;
      return;
    default:
      return;
  }
}

void trace::end_at(std::size_t which) noexcept {
  // Once a request has come through, a nearer end is a way that has become shorter.
  if (which >= end_) return;
  end_ = which;
  for (auto further = which + 1; further < hops_.size(); ++further)
    pings_.stop(host_id{static_cast<std::uint32_t>(further)});
}

bool trace::may_ask_further() const noexcept {
  if (!asked_ || stopped_ || end_ != unknown) return false;
  if (when_.first + hops_.size() > when_.last) return false;
  if (std::ranges::count(hops_, false, &hop::settled) >= when_.ahead) return false;
  return hops_.size() - hops() < when_.silent;
}

void trace::ask_further() {
  while (may_ask_further()) {
    const schedule when{.count = when_.count,
                        .interval = when_.interval,
                        .timeout = when_.timeout,
                        .hop_limit = static_cast<std::uint8_t>(when_.first + hops_.size())};
    hops_.emplace_back();
    if (const auto added = pings_.add(host_, when); !added) asked_ = added.failure();
  }
}

}  // namespace portsock::ping
