// SPDX-License-Identifier: MIT
#include <portsock/ping.hpp>

#include <algorithm>
#include <random>

#include "ping_state.hpp"

namespace portsock::ping {
namespace {

using namespace std::chrono_literals;

constexpr std::size_t largest_payload = 65'507;  // what fits an IPv4 packet behind two headers
constexpr std::size_t most_lanes = 32;
constexpr unsigned most_retries = 16;
constexpr duration longest = std::chrono::hours{24 * 365};

bool is_in_range(const schedule& when) noexcept {
  return when.interval >= 0ns && when.interval <= longest && when.timeout >= 0ns &&
         when.timeout <= longest && when.retries <= most_retries && when.backoff >= 1 &&
         when.backoff <= 10;
}

bool are_alike(const schedule& a, const schedule& b) noexcept {
  return a.count == b.count && a.interval == b.interval && a.timeout == b.timeout &&
         a.retries == b.retries && a.backoff == b.backoff && a.together == b.together &&
         a.preload == b.preload && a.hop_limit == b.hop_limit;
}

}  // namespace

identity identity::random() {
  std::random_device source;
  identity made{.identifier = static_cast<std::uint16_t>(source() & 0xffff)};
  for (auto& byte : made.cookie) byte = static_cast<std::byte>(source() & 0xff);
  return made;
}

engine::engine(link& network, listener& told, const settings& wanted, const identity& self)
    : state_{std::make_unique<state>(network, told, wanted, self)} {}
engine::engine(engine&&) noexcept = default;
engine::~engine() = default;

result<host_id> engine::add(const ip_address& host, const schedule& when) {
  return state_->add(host, when);
}
void engine::stop(host_id host) noexcept { state_->stop(static_cast<std::uint32_t>(host)); }
void engine::stop() noexcept { state_->stop_all(); }
std::size_t engine::size() const noexcept { return state_->size(); }
ip_address engine::address(host_id host) const noexcept {
  return state_->address(static_cast<std::uint32_t>(host));
}
result<> engine::advance() { return state_->advance(); }
time_point engine::next() const noexcept { return state_->next(); }
bool engine::finished() const noexcept { return state_->finished(); }

engine::state::state(link& network, listener& told, const settings& wanted, const identity& self)
    : network_{network},
      listener_{told},
      wanted_{wanted},
      self_{self},
      payloads_{self.cookie, (std::min)(wanted.size, largest_payload), wanted.pattern},
      window_{wanted.window} {}

result<host_id> engine::state::add(const ip_address& address, const schedule& when) {
  const auto planned = plan_for(when);
  if (!planned) return planned.failure();
  addresses_.add(address);
  hosts_.push_back({.plan = *planned});
  if (when.count != 0) ++unfinished_;
  return host_id{static_cast<std::uint32_t>(hosts_.size() - 1)};
}

result<std::uint16_t> engine::state::plan_for(const schedule& when) {
  if (!is_in_range(when)) return fail(errc::invalid_argument);
  const auto known =
      std::ranges::find_if(plans_, [&](const plan& p) { return are_alike(p.when, when); });
  if (known != plans_.end()) return static_cast<std::uint16_t>(known - plans_.begin());
  if (plans_.size() == 0xffff) return fail(errc::invalid_argument);

  plan made{.when = when, .lanes = {}};
  std::chrono::duration<double, std::nano> timeout = when.timeout;
  for (unsigned attempt = 0; attempt <= when.retries; ++attempt, timeout *= when.backoff) {
    const auto found = lane_for(std::chrono::duration_cast<duration>(
        (std::min)(timeout, std::chrono::duration<double, std::nano>{longest})));
    if (!found) return fail(errc::invalid_argument);
    made.lanes.push_back(*found);
  }
  plans_.push_back(std::move(made));
  return static_cast<std::uint16_t>(plans_.size() - 1);
}

std::optional<std::uint8_t> engine::state::lane_for(duration timeout) {
  const auto known =
      std::ranges::find_if(lanes_, [&](const lane& l) { return l.timeout == timeout; });
  const auto place = static_cast<std::uint8_t>(known - lanes_.begin());
  if (known != lanes_.end()) return place;
  if (lanes_.size() == most_lanes) return std::nullopt;
  lanes_.push_back({.timeout = timeout, .next = requests_.end()});
  return place;
}

void engine::state::stop(std::uint32_t id) noexcept {
  auto& h = hosts_[id];
  if (is_done(h)) return;
  h.stopped = true;
  note_if_done(h);
}
void engine::state::stop_all() noexcept {
  for (std::uint32_t id = 0; id != hosts_.size(); ++id) stop(id);
}

void engine::state::note_if_done(const host& h) noexcept {
  if (is_done(h)) --unfinished_;
}

result<> engine::state::advance() {
  // Between batches what has come in is read: the system's room for it is small. A flood of a near
  // host would never end, so the caller has a word after some batches.
  for (int turns = 0; turns != 64; ++turns) {
    bool busy = false;
    for (int batches = 0; batches != 64; ++batches) {
      const auto got = network_.receive();
      if (!got) return got.failure();
      if (got->empty()) break;
      busy = true;
      for (const auto& told : got->departures) depart(told);
      for (const auto& one : got->events) judge(one);
      // Near hosts have answered the whole batch by now: to look for more would be in vain.
      if (got->events.size() < icmp_batch_size || window_.is_empty()) break;
    }
    const auto now = network_.now();
    expire(now);
    window_.advance(requests_, now);
    if (send_batch(now)) continue;
    if (!busy) return {};
  }
  return {};
}

time_point engine::state::next() const noexcept {
  if (finished()) return time_point::max();
  auto soonest = time_point::max();
  for (const auto& l : lanes_)
    if (l.next < requests_.end()) soonest = (std::min)(soonest, requests_[l.next].sent + l.timeout);
  const auto due = batch_begin_ != batch_end_ ? std::optional{time_point::min()} : next_turn();
  if (due) {
    auto when = (std::max)({*due, blocked_until_, next_by_rate_});
    if (batch_begin_ == batch_end_ && window_.is_full())
      when = (std::max)(when, window_.released_at(requests_));
    soonest = (std::min)(soonest, when);
  }
  return soonest;
}

}  // namespace portsock::ping
