// SPDX-License-Identifier: MIT
#pragma once

// A network that does to requests what a test's script says, with a clock that moves when the
// engine waits, and a listener that keeps what it was told.

#include <algorithm>
#include <chrono>
#include <functional>
#include <list>
#include <map>
#include <utility>
#include <vector>

#include <portsock/ping.hpp>

namespace portsock::ping::tests {

using namespace literals;
using namespace std::chrono_literals;

inline constexpr identity self{0x1234,
                               {std::byte{0xc0}, std::byte{0xff}, std::byte{0xee}, std::byte{1},
                                std::byte{2}, std::byte{3}, std::byte{4}, std::byte{5}}};

/// A request as the network saw it. Scripts change what they like, and pass it on.
struct seen_request {
  std::uint64_t index;  ///< 1 is the first
  ip_address peer;
  std::uint16_t identifier;
  std::uint16_t sequence;
  std::vector<std::byte> payload;
  std::uint8_t hop_limit = 0;
};

class scripted_link final : public link {
 public:
  using script = std::function<void(scripted_link&, seen_request)>;

  explicit scripted_link(script what) : script_{std::move(what)} {}

  // For scripts: what arrives, after `delay` from now.

  void reply(duration delay, seen_request request) {
    const icmp::echo echo{request.identifier, request.sequence, {}};
    deliver(delay, from.value_or(request.peer), icmp::echo_reply{echo}, std::move(request));
  }
  /// As a raw socket on loopback hears its own requests.
  void echo_of_itself(duration delay, seen_request request) {
    const icmp::echo echo{request.identifier, request.sequence, {}};
    deliver(delay, request.peer, icmp::echo_request{echo}, std::move(request));
  }
  /// An ICMP error with its code and all that its type has beside the quote.
  template <class Error>
  void quote(duration delay, Error error, seen_request request) {
    error.original.source = "192.0.2.99"_ip;
    error.original.destination = quoted_destination.value_or(request.peer);
    error.original.request = icmp::echo_request{{request.identifier, request.sequence, {}}};
    deliver(delay, from.value_or(request.peer), error, std::move(request));
  }
  /// The system tells that the request left so long after it seemed to.
  void depart(duration later, const seen_request& request) {
    std::vector<std::byte> packet(34, std::byte{0x45});  // some headers
    packet.insert(packet.end(), request.payload.begin(), request.payload.end());
    departures_.push_back({std::move(packet), now_ + later});
  }
  std::optional<ip_address> from;  ///< who the next messages are from; the peer until set
  std::optional<ip_address> quoted_destination;

  // For tests.

  std::optional<error> refuse_to_send;          ///< what sending fails with
  std::optional<error> receiving_fails;         ///< once nothing arrives any more
  std::optional<std::uint16_t> own_identifier;  ///< replaces that of requests, as Linux does
  bool tells_identifier = true;
  duration unsure{};                           ///< how well it tells when requests left
  std::size_t most_at_once = icmp_batch_size;  ///< what one send takes
  std::vector<duration> left;                  ///< when each request did
  std::size_t looks = 0;                       ///< how often it was asked what had arrived

  void stand_still(duration span) { now_ += span; }
  /// The time passes until something arrives or `until` comes.
  void wait(time_point until) {
    const auto next = queue_.empty() ? time_point::max() : queue_.begin()->first;
    now_ = (std::max)(now_, (std::min)(next, until));
  }
  duration since_start() const { return now_ - start; }

  // As link has it.

  time_point now() noexcept override { return now_; }
  std::optional<std::uint16_t> identifier(family) const noexcept override {
    return tells_identifier ? identifier_ : std::nullopt;
  }
  result<std::size_t> send(std::span<icmp_outgoing> requests) noexcept override {
    if (refuse_to_send) {
      left.push_back(since_start());
      return fail(*refuse_to_send);
    }
    const auto count = (std::min)(requests.size(), most_at_once);
    for (auto& one : requests.first(count)) {
      left.push_back(since_start());
      one.left = now_;
      one.unsure = unsure;
      identifier_ = own_identifier.value_or(one.request.identifier);
      const auto payload = one.request.payload;
      script_(*this, {++count_,
                      one.peer,
                      *identifier_,
                      one.request.sequence,
                      {payload.begin(), payload.end()},
                      one.hop_limit});
    }
    return count;
  }
  result<icmp_arrivals> receive() noexcept override {
    ++looks;
    events_.clear();
    told_.clear();
    given_.clear();
    gone_ = std::exchange(departures_, {});
    for (const auto& one : gone_) told_.push_back({one.packet, one.left});
    while (!queue_.empty() && queue_.begin()->first <= now_ && events_.size() != icmp_batch_size) {
      given_.push_back(std::move(queue_.begin()->second));
      const auto at = queue_.begin()->first;
      queue_.erase(queue_.begin());
      auto& one = given_.back();
      point_to_bytes(one);
      events_.push_back({.from = one.from,
                         .message = one.message,
                         .size = icmp::header_size + one.bytes.size(),
                         .hop_limit = 64,
                         .arrival = at,
                         .stamped = true});
    }
    if (events_.empty() && told_.empty() && receiving_fails) return fail(*receiving_fails);
    return icmp_arrivals{events_, told_};
  }

 private:
  struct arrival {
    ip_address from;
    icmp::message message{};
    std::vector<std::byte> bytes;
  };
  struct departure {
    std::vector<std::byte> packet;
    time_point left;
  };

  static void point_to_bytes(arrival& one) {
    std::visit(
        [&](auto& message) {
          if constexpr (requires { message.original; })
            message.original.request->payload = one.bytes;
          else if constexpr (requires { message.payload; })
            message.payload = one.bytes;
        },
        one.message);
  }
  void deliver(duration delay, const ip_address& who, const icmp::message& message,
               seen_request request) {
    queue_.emplace(now_ + delay, arrival{who, message, std::move(request.payload)});
  }

  static constexpr time_point start{std::chrono::hours{1}};

  script script_;
  time_point now_ = start;
  std::multimap<time_point, arrival> queue_;
  std::vector<departure> departures_;
  std::vector<departure> gone_;
  std::list<arrival> given_;
  std::vector<icmp_event> events_;
  std::vector<icmp_departure> told_;
  std::uint64_t count_ = 0;
  std::optional<std::uint16_t> identifier_;
};

/// An engine in a scripted world, and all that it told.
struct world : listener {
  explicit world(scripted_link::script what, const settings& wanted = {})
      : network{std::move(what)}, pings{network, *this, wanted, self} {}

  world& ping(const ip_address& host, const schedule& when) {
    EXPECT_TRUE(pings.add(host, when));
    return *this;
  }
  world& run() {
    while (!pings.finished() && outcome) {
      outcome = pings.advance();
      if (pings.finished() || network.since_start() >= end) break;
      network.wait((std::min)(pings.next(), network.now() + 24h));
    }
    return *this;
  }
  void happened(const event& what) override {
    ++count[what.kind];
    if (what.kind == event::what::sent) return;
    events.push_back(what);
    if (on_event) on_event(what);
  }

  scripted_link network;
  engine pings;
  result<> outcome;
  duration end = 24h * 365;
  std::map<event::what, std::size_t> count;
  std::vector<event> events;  ///< but for those of sending
  std::function<void(const event&)> on_event;
};

/// Every request is answered after 5 ms.
inline void answer(scripted_link& network, seen_request request) {
  network.reply(5ms, std::move(request));
}

}  // namespace portsock::ping::tests
