// SPDX-License-Identifier: MIT
#pragma once

// The routers on the way to a host: requests whose hop limit ends them one router further each.
//
//   struct printer : ping::listener { void happened(const ping::event& e) override { … } };
//   auto network = ping::sockets::of(*icmp_socket::open(family::v4), std::nullopt);
//   ping::trace way{*network, printer, "192.0.2.1"_ip, {}};
//   while (!way.finished() && way.advance()) network->wait(deadline::at(way.next()));
//
// As with ping::engine, which does the work, there is no thread, and any poller will do.

#include <cstddef>
#include <cstdint>
#include <limits>
#include <vector>

#include <portsock/ping.hpp>

namespace portsock::ping {

struct trace_schedule {
  std::uint8_t first = 1;                       ///< hop limit of the nearest router that is asked
  std::uint8_t last = 30;                       ///< the host may be so far away
  std::uint64_t count = 10;                     ///< requests to each hop; or for_ever
  duration interval = std::chrono::seconds{1};  ///< between two requests to a hop
  duration timeout = std::chrono::seconds{1};   ///< how long an answer may take
  /// Hops that may be waited for at once that have not been heard of yet: the way is found so much
  /// faster, and the host gets so many requests too many. At least 1.
  std::uint8_t ahead = 8;
  /// After so many hops in a row that said nothing, no further ones are asked. At least 1.
  std::uint8_t silent = 12;
};

/// Asks every hop between this host and another, several at once, and goes on asking each.
///
/// The listener is told what an engine tells, where event::host counts the hops: 0 is the one with
/// the hop limit trace_schedule::first. A router's answer is event::what::refused with
/// icmp::time_exceeded, the host's is event::what::reply; any other refusal says that the way ends
/// there. What concerns hops behind the end is not told any more, once the end is known.
///
/// One hop may have several addresses: routers share loads. Belongs to one thread. Memory: as the
/// engine.
class trace final : private listener {
 public:
  /// `network` and `told` must outlive this.
  trace(link& network, listener& told, const ip_address& host, const trace_schedule& when,
        const settings& wanted = {}, const identity& self = identity::random());
  trace(const trace&) = delete;
  trace& operator=(const trace&) = delete;

  /// As engine::advance(). Errors: errc::invalid_argument for a schedule out of range, always; what
  /// receiving failed with.
  result<> advance();
  time_point next() const noexcept { return pings_.next(); }
  /// Whether every hop has had all its requests, and their answers or timeouts.
  bool finished() const noexcept { return pings_.finished(); }
  /// No more requests; what is under way is still told.
  void stop() noexcept;

  /// Hops on the way, from the first that was asked: up to its end when that is known, else up to
  /// the last hop that said something.
  std::size_t hops() const noexcept;
  /// Whether the host itself has answered.
  bool reached() const noexcept { return reached_; }

 private:
  struct hop {
    bool heard = false;    ///< it said something
    bool settled = false;  ///< or its first request did not bring anything
  };

  void happened(const event& what) override;
  void note(std::size_t which, const event& what);
  void end_at(std::size_t which) noexcept;
  void ask_further();
  bool may_ask_further() const noexcept;

  static constexpr auto unknown = (std::numeric_limits<std::size_t>::max)();

  trace_schedule when_;
  ip_address host_;
  listener& told_;
  engine pings_;
  result<> asked_;         // whether all went well so far
  std::vector<hop> hops_;  // those that were asked
  std::size_t end_ = unknown;
  bool reached_ = false;
  bool stopped_ = false;
};

}  // namespace portsock::ping
