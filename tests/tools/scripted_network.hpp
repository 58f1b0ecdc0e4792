// SPDX-License-Identifier: MIT
#pragma once

// A network that does to pings what a test's script says, with a clock that moves when pings wait.

#include <algorithm>
#include <chrono>
#include <functional>
#include <map>
#include <utility>
#include <vector>

#include <portsock/waker.hpp>
#include <tools/ping/channel.hpp>

namespace portsock::tools::tests {

using std::chrono::nanoseconds;

/// A request as the network saw it. Scripts make messages out of it: change what they like, and
/// pass it on.
struct seen_request {
  std::uint64_t index;  ///< 1 is the first
  std::uint16_t identifier;
  std::uint16_t sequence;
  std::vector<std::byte> payload;
};

class scripted_network final : public echo_channel {
 public:
  using script = std::function<void(scripted_network&, seen_request)>;

  scripted_network(const ip_address& peer, script what)
      : peer_{peer}, script_{std::move(what)}, from_{peer} {}

  // For scripts: what arrives, after `delay` from now.

  void reply(nanoseconds delay, seen_request request) {
    deliver<icmp::echo_reply>(delay, std::move(request));
  }
  /// As a raw socket on loopback hears its own requests.
  void echo_of_itself(nanoseconds delay, seen_request request) {
    deliver<icmp::echo_request>(delay, std::move(request));
  }
  /// An ICMP error with its code and all that its type has beside the quote.
  template <class Error>
  void quote(nanoseconds delay, const Error& error, seen_request request) {
    arrival made{.from = from_, .bytes = std::move(request.payload)};
    auto message = error;
    message.original.source = ipv4_address{{192, 0, 2, 99}};
    message.original.destination = quoted_destination.value_or(peer_);
    message.original.request =
        icmp::echo_request{{request.identifier, request.sequence, made.bytes}};
    made.message = message;
    queue_.emplace(now_ + delay, std::move(made));
  }
  /// Who the next messages are from; the peer until set.
  void from(const ip_address& other) { from_ = other; }
  std::optional<ip_address> quoted_destination;

  // For tests.

  std::optional<error> refuse_to_send;          ///< what sending fails with
  std::optional<error> receiving_fails;         ///< once nothing arrives any more
  std::optional<std::uint16_t> own_identifier;  ///< replaces that of requests, as Linux does
  bool tells_identifier = true;
  const canceller* stop = nullptr;  ///< cancelled at this time after the beginning
  nanoseconds stop_after{};
  std::vector<nanoseconds> departures;  ///< when each request left

  /// The time passes without anything happening: the process was stopped.
  void stand_still(nanoseconds span) { now_ += span; }

  // As echo_channel has it.

  clock::time_point now() override { return now_; }
  const ip_address& peer() const override { return peer_; }
  std::optional<std::uint16_t> identifier() const override {
    return tells_identifier ? identifier_ : std::nullopt;
  }

  result<> send(const icmp::echo_request& request) override {
    departures.push_back(now_ - start);
    if (refuse_to_send) return fail(*refuse_to_send);
    identifier_ = own_identifier.value_or(request.identifier);
    seen_request copy{
        ++count_, *identifier_, request.sequence, {request.payload.begin(), request.payload.end()}};
    script_(*this, std::move(copy));
    return {};
  }

  result<icmp_event> receive(mutable_bytes, deadline until) override {
    const auto next = queue_.begin();
    const auto at = next == queue_.end() ? clock::time_point::max() : next->first;
    if (stop && start + stop_after <= std::min(at, until.moment())) {
      now_ = std::max(now_, start + stop_after);
      stop->cancel();
      return fail(errc::cancelled);
    }
    if (receiving_fails && next == queue_.end()) return fail(*receiving_fails);
    if (at > until.moment()) {
      now_ = std::max(now_, until.moment());
      return fail(errc::timed_out);
    }
    now_ = std::max(now_, at);
    last_ = std::move(next->second);  // the message points to its bytes, which do not move
    queue_.erase(next);
    return icmp_event{.from = last_.from,
                      .message = last_.message,
                      .size = icmp::header_size + last_.bytes.size(),
                      .hop_limit = 64,
                      .arrival = at};
  }

 private:
  struct arrival {
    ip_address from;
    std::vector<std::byte> bytes;
    icmp::message message{};
  };

  template <class Echo>
  void deliver(nanoseconds delay, seen_request request) {
    arrival made{.from = from_, .bytes = std::move(request.payload)};
    made.message = Echo{{request.identifier, request.sequence, made.bytes}};
    queue_.emplace(now_ + delay, std::move(made));
  }

  static constexpr clock::time_point start{std::chrono::hours{1}};

  ip_address peer_;
  script script_;
  ip_address from_;
  clock::time_point now_ = start;
  std::multimap<clock::time_point, arrival> queue_;
  arrival last_;
  std::uint64_t count_ = 0;
  std::optional<std::uint16_t> identifier_;
};

}  // namespace portsock::tools::tests
