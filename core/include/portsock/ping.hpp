// SPDX-License-Identifier: MIT
#pragma once

// Asking any number of hosts for echoes: what a ping, a sweep or a monitor is made of.
//
//   struct printer : ping::listener { void happened(const ping::event& e) override { … } };
//   auto network = ping::sockets::of(icmp_socket::open(family::v4).value(), {});
//   ping::engine pings{*network, printer, {}};
//   pings.add("192.0.2.1"_ip, {.count = 3});
//   while (pings.advance() && !pings.finished()) network->wait(deadline::at(pings.next()));
//
// The network is in ping_sockets.hpp. There is no thread. A program that has a poller of its own
// watches network->v4() and v6(), and calls advance() when one is ready, or when next() has come.

#include <array>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <memory>
#include <optional>
#include <span>
#include <string_view>
#include <vector>

#include <portsock/address.hpp>
#include <portsock/bytes.hpp>
#include <portsock/deadline.hpp>
#include <portsock/error.hpp>
#include <portsock/icmp.hpp>
#include <portsock/icmp_batch.hpp>

namespace portsock::ping {

using clock = deadline::clock;
using time_point = clock::time_point;
using duration = std::chrono::nanoseconds;

/// A host of one engine; they are counted from 0 in the order in which they were added.
enum class host_id : std::uint32_t {};

inline constexpr std::uint64_t for_ever = (std::numeric_limits<std::uint64_t>::max)();

/// When a host is asked. A round is one request, and those that repeat it while nothing comes back.
struct schedule {
  std::uint64_t count = 1;  ///< rounds; or for_ever
  /// From the beginning of one round to that of the next, on a grid that delays do not move. 0: as
  /// fast as the window allows.
  duration interval = std::chrono::seconds{1};
  duration timeout = std::chrono::seconds{1};  ///< how long the reply to a request may take
  unsigned retries = 0;                        ///< further requests of a round, 16 at most
  double backoff = 1.5;  ///< each retry may take so many times longer; 1 to 10
  /// Rounds that may be open at once; the next waits for a reply, a refusal or a loss, but with
  /// interval 0 no longer than 10 ms. 0: any number. With retries it is 1.
  std::uint32_t together = 0;
  std::uint64_t preload = 1;   ///< so many rounds begin at once, without an interval
  std::uint8_t hop_limit = 0;  ///< routers that requests may pass; 0: what the socket says
};

struct settings {
  std::size_t size = 56;                 ///< bytes of payload, 65,507 at most
  std::vector<std::byte> pattern{};      ///< fills it, repeatedly; none: bytes that count up
  std::uint32_t packets_per_second = 0;  ///< of all hosts together; 0: no limit
  /// Requests in flight while nothing paces them, at most; the engine takes fewer where more would
  /// be lost. A Linux host answers no more than about 200 that are queued.
  std::uint32_t window = 128;
};

struct event {
  enum class what : std::uint8_t {
    sent,       ///< a request left
    not_sent,   ///< this system would not send it: `reason`; nothing more comes of it
    reply,      ///< the round is answered, in time
    duplicate,  ///< a further reply to a round that is answered
    late,       ///< a reply after the timeout; its round was lost
    corrupted,  ///< a reply that does not carry what was sent: wrong_byte
    refused,    ///< an ICMP error about a request: `message`
    notice,     ///< an ICMP message about a request that goes on: a redirect
    lost,       ///< the round ends without an answer: all its requests timed out
  };

  what kind{};
  host_id host{};
  std::uint64_t number = 0;  ///< of the round, from 1
  unsigned attempt = 0;      ///< 0 is the round's first request
  std::uint32_t index = 0;   ///< of the request, over all hosts; its low 16 bits are on the wire
  bool ends_round = false;   ///< once for each: it is answered in time, or counts as lost
  time_point at{};           ///< when it left, arrived or was given up

  // Of messages that arrived.
  ip_address from{};
  std::size_t size = 0;  ///< bytes of the ICMP message
  std::optional<std::uint8_t> hop_limit{};
  /// Where requests left together and nothing told when each did, no less than the share of one in
  /// the call: what is shorter cannot be told.
  duration round_trip{};
  bool stamped = false;        ///< both ends of round_trip are the kernel's
  bool truncated = false;      ///< shorter than the request, and right as far as it goes
  std::size_t wrong_byte = 0;  ///< offset in the payload
  const icmp::message* message = nullptr;  ///< valid during the call

  error reason = errc::other;  ///< of not_sent
};

class listener {
 public:
  virtual ~listener() = default;
  /// May call add() and stop() of the engine, and nothing else of it.
  virtual void happened(const event& what) = 0;
};

/// What an engine needs of the world. ping::sockets is the real one; tests play others.
class link {
 public:
  virtual ~link() = default;
  virtual time_point now() noexcept = 0;
  /// As icmp_socket::send_some, for both families.
  virtual result<std::size_t> send(std::span<icmp_outgoing> requests) noexcept = 0;
  /// What has arrived, without waiting; valid until the next call. Empty: nothing more for now.
  virtual result<icmp_arrivals> receive() noexcept = 0;
  /// As icmp_socket has it: nothing when any identifier may come back.
  virtual std::optional<std::uint16_t> identifier(family) const noexcept = 0;
};

/// What makes an engine's requests unlike those of any other.
struct identity {
  std::uint16_t identifier = 0;
  std::array<std::byte, 8> cookie{};

  /// Two processes may have one number, in two containers, so it has no part in this.
  static identity random();
};

/// Sends on time and judges what comes back. A reply belongs to a request when it has the
/// identifier that was sent, the request's sequence number, and, as far as the payload holds them,
/// the engine's cookie and the request's index in 32 bits; an ICMP error, when it quotes such a
/// request to that host. Who a reply is from does not count: others answer for a group.
///
/// Belongs to one thread. Memory: 24 bytes for a host, 28 more where its address does not follow
/// that of the one added before, and 24 for each of the latest requests, of which there are 65,536
/// or all those that may still be answered.
class engine {
 public:
  /// `network` and `told` must outlive the engine.
  engine(link& network, listener& told, const settings& wanted,
         const identity& self = identity::random());
  engine(engine&&) noexcept;
  ~engine();

  /// Begins with the next advance(). Errors: errc::invalid_argument for a schedule out of range, or
  /// for a 33rd different timeout (retries have timeouts of their own).
  result<host_id> add(const ip_address& host, const schedule& when);
  /// No round begins any more; replies to open ones are still told.
  void stop(host_id) noexcept;
  /// The same for all.
  void stop() noexcept;

  std::size_t size() const noexcept;
  ip_address address(host_id) const noexcept;

  /// Takes what has arrived, gives up what took too long, sends what is due. Does not wait. Errors:
  /// what receiving failed with.
  result<> advance();
  /// When advance() is to be called again if nothing arrives earlier; never() when all is done.
  time_point next() const noexcept;
  /// Whether every round of every host has ended.
  bool finished() const noexcept;

 private:
  class state;
  std::unique_ptr<state> state_;
};

}  // namespace portsock::ping
