// SPDX-License-Identifier: MIT
#pragma once

// What an engine is made of: its hosts, when each is due, and what was asked of them.

#include <array>
#include <cstdint>
#include <deque>
#include <functional>
#include <optional>
#include <queue>
#include <vector>

#include <portsock/ping.hpp>

#include "ping_hosts.hpp"
#include "ping_payload.hpp"
#include "ping_requests.hpp"
#include "ping_window.hpp"

namespace portsock::ping {

/// One of an engine's hosts. There may be very many.
struct host {
  time_point due{};         // when the next round is to begin, or was to
  std::uint64_t begun = 0;  // rounds
  std::uint32_t open = 0;   // rounds
  std::uint16_t plan = 0;   // which schedule
  std::uint8_t attempt : 5 = 0;
  bool answered : 1 = false;  // the latest round, when it may have retries
  bool parked : 1 = false;    // until fewer rounds are open
  bool stopped : 1 = false;
};

static_assert(sizeof(host) == 24);

/// A schedule, and the lane of the timeout of each attempt.
struct plan {
  schedule when;
  std::vector<std::uint8_t> lanes;
};

/// The requests of one timeout: they are lost in the order in which they were sent.
struct lane {
  duration timeout{};
  std::uint64_t next = 1;  // the first that may be open; none before it is
};

class engine::state {
 public:
  state(link& network, listener& told, const settings& wanted, const identity& self);

  result<host_id> add(const ip_address& address, const schedule& when);
  void stop(std::uint32_t id) noexcept;
  void stop_all() noexcept;
  result<> advance();
  time_point next() const noexcept;
  bool finished() const noexcept { return unfinished_ == 0; }
  std::size_t size() const noexcept { return hosts_.size(); }
  ip_address address(std::uint32_t id) const noexcept { return addresses_[id]; }

 private:
  struct turn {
    time_point due;
    std::uint32_t host;
    bool operator>(const turn& other) const noexcept { return due > other.due; }
  };
  /// A request that is about to leave.
  struct draft {
    std::uint32_t host;
    std::uint64_t number;
    std::uint8_t attempt;
  };

  result<std::uint16_t> plan_for(const schedule& when);
  std::optional<std::uint8_t> lane_for(duration timeout);
  const schedule& when(const host& h) const noexcept { return plans_[h.plan].when; }
  bool has_more(const host& h) const noexcept { return !h.stopped && h.begun < when(h).count; }
  bool is_done(const host& h) const noexcept { return h.open == 0 && !has_more(h); }

  // Sending.
  bool send_batch(time_point now);
  void fill_batch(time_point now);
  std::optional<draft> take_due(time_point now);
  std::optional<draft> begin_round(std::uint32_t id, time_point now);
  void plan_next(std::uint32_t id, time_point now);
  void await_turn(std::uint32_t id, time_point due);
  void enter(const draft& which, time_point left, std::optional<error> failed,
             duration unsure = {});
  std::optional<time_point> next_turn() const noexcept;

  // Receiving.
  void depart(const icmp_departure& told);
  void judge(const icmp_event& got);
  void accept(const icmp_event& got, const icmp::echo_reply& reply);
  void refuse(const icmp_event& got, const icmp::quoted& original);
  std::optional<std::uint64_t> request_of(const icmp::echo& echo, family of) const noexcept;

  // Ending.
  void expire(time_point now);
  void give_up(std::uint64_t index, time_point now);
  void end_round(std::uint32_t id, std::uint64_t number, time_point now);
  void note_if_done(const host& h) noexcept;
  std::uint64_t number_of(const request& r) const noexcept;
  event event_for(event::what kind, const request& r, std::uint64_t index, time_point at) const;

  link& network_;
  listener& listener_;
  settings wanted_;
  identity self_;
  payloads payloads_;
  std::deque<host> hosts_;
  addresses addresses_;  // of the hosts
  std::vector<plan> plans_;
  std::vector<lane> lanes_;
  requests requests_;
  window window_;
  std::uint32_t fresh_ = 0;            // hosts from here on have not begun
  std::deque<std::uint32_t> retries_;  // hosts
  std::priority_queue<turn, std::vector<turn>, std::greater<>> turns_;
  std::size_t unfinished_ = 0;
  time_point next_by_rate_{};
  time_point blocked_until_{};  // because the system had no room

  // The batch that is to leave, and from where on it has not left yet.
  std::array<draft, icmp_batch_size> drafts_{};
  std::array<icmp_outgoing, icmp_batch_size> batch_{};
  std::size_t batch_begin_ = 0;
  std::size_t batch_end_ = 0;
};

}  // namespace portsock::ping
