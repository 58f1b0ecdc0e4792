// SPDX-License-Identifier: MIT
#pragma once

// A network inside this process: hosts, paths between them that lose, delay and reorder, and a
// clock that a test moves. A program that is linked with portsock::memory instead of
// portsock::portsock has its sockets here, and no packet leaves it.
//
//   memory::network net{7};  // a seed: the same seed, the same losses
//   const auto server = net.add_host("server", {"192.0.2.1"_ip});
//   const auto client = net.add_host("client", {"192.0.2.2"_ip});
//   net.connect(client, server, {.latency = 20ms, .loss = 0.1});
//   net.set_time(memory::passing::leaps);  // nobody waits for real
//
//   const memory::on there{client};  // what this thread opens from now on is the client's
//
// Without a network of its own a program is on one host, "localhost", which has a loopback
// interface and real time: any program of sockets runs.
//
// Everything here may be called on any thread.

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <string_view>
#include <vector>

#include <portsock/address.hpp>
#include <portsock/deadline.hpp>

namespace portsock::memory {

using duration = deadline::clock::duration;

/// What packets meet on the way from one host to another. What is lost of a stream is sent again
/// and so comes late; what is lost of datagrams is lost.
struct path {
  duration latency{};             ///< of one way
  duration jitter{};              ///< up to so much more, evenly distributed; streams stay in order
  double loss = 0;                ///< the share of packets that do not arrive, 0 to 1
  double duplication = 0;         ///< the share of datagrams that arrive twice
  double reordering = 0;          ///< the share of datagrams that others overtake,
  duration held_back{1'000'000};  ///< by being so much later (1 ms)
  std::uint64_t bandwidth = 0;    ///< bytes per second; 0: no limit
  std::uint32_t mtu = 1500;       ///< bytes of the largest packet that is not divided
  /// Those on the way, the nearest first. A packet whose hop limit ends at one is answered by it,
  /// if their families are the same.
  std::vector<ip_address> routers{};
  /// Nothing passes while it is not: a partition. Streams go on when it opens again in time, which
  /// is some 13 minutes. They need both ways: what arrives where no way leads back is received, and
  /// never acknowledged.
  bool open = true;
};

/// How time passes.
enum class passing : std::uint8_t {
  runs,    ///< as outside
  stands,  ///< advance() alone moves it
  leaps,   ///< when all threads of the test wait, to the next thing that happens
};

/// Names a host of the network. Valid as long as the network.
class host {
 public:
  friend bool operator==(host, host) noexcept = default;

 private:
  friend class network;
  friend class on;
  explicit host(std::size_t number) noexcept : number_{number} {}
  std::size_t number_;
};

/// What became of the packets so far; of streams, segments.
struct traffic {
  std::uint64_t sent = 0;
  std::uint64_t lost = 0;
  std::uint64_t duplicated = 0;
  std::uint64_t reordered = 0;
};

/// The network while this object lives; afterwards, localhost alone and real time again. One at a
/// time. Sockets of its hosts are to be
/// closed before it ends; what is left of them is on no host, or on one of the next network.
class network {
 public:
  /// Chance is decided by the seed and by what is sent: not by threads, nor by real time.
  explicit network(std::uint64_t seed);
  ~network();
  network(const network&) = delete;
  network& operator=(const network&) = delete;

  /// The host that every thread is on at first.
  host localhost() const noexcept { return host{0}; }
  /// With a loopback interface, and one that has the addresses, their prefixes 24 and 64 bits long.
  /// Its name can be resolved.
  host add_host(std::string_view name, std::vector<ip_address> addresses);
  /// One more name that resolves to these addresses, on every host.
  void add_name(std::string_view name, std::vector<ip_address> addresses);

  /// From now on, in both directions.
  void connect(host first, host second, const path& both_ways);
  /// In one direction. A host's path to itself is that of its loopback interface.
  void set_path(host from, host to, const path& way);
  path path_of(host from, host to) const;
  /// In place of what the host's outward interface had: it moves to another network. What is on
  /// its way to an address that it has no more is lost. Connections over it get nothing across,
  /// unless the host comes back in time.
  void set_addresses(host, std::vector<ip_address> addresses);

  /// Opens or closes both directions.
  void set_open(host first, host second, bool open);
  /// Each connection between the two ends with a reset, for both.
  void reset_connections(host first, host second);

  /// `threads`: for so many of the test's own, that wait for the network at a time, time leaps. If
  /// fewer wait, and nothing else happens for a second of real time, it leaps too: the others wait
  /// for each other, or they have ended, and count no more until others come.
  void set_time(passing, std::size_t threads = 1) noexcept;
  /// Has it happen then, in the network's time. It may change the network, and send, and not wait.
  void after(duration span, std::function<void()> what);
  /// Moves a time that does not run by itself, and lets happen what happens meanwhile, in order.
  void advance(duration by);

  traffic count() const noexcept;
};

/// Sockets that this thread opens while it lives belong to the host.
class on {
 public:
  explicit on(host where) noexcept;
  ~on();
  on(const on&) = delete;
  on& operator=(const on&) = delete;

 private:
  std::size_t before_;
};

}  // namespace portsock::memory
