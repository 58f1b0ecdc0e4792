// SPDX-License-Identifier: MIT
#pragma once

// Who takes part in the comparison. Each file of a contender registers what it can do; the suites
// put all who registered side by side. "raw" is always the first, and what the others are
// measured against.

#include <cstddef>
#include <functional>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "system.hpp"

namespace compare {

template <class What>
struct entry {
  std::string name;
  What what;
};

template <class What>
std::vector<entry<What>>& entries() {
  static std::vector<entry<What>> all;
  return all;
}

/// `const add<echo_server> here{"raw", serve};` at namespace scope.
template <class What>
struct add {
  add(std::string name, What what) {
    auto& all = entries<What>();
    const auto place = name == "raw" ? all.begin() : all.end();  // before the name is moved away
    all.insert(place, {std::move(name), std::move(what)});
  }
};

/// Serves all connections of a listening socket and never returns: sends back what it receives.
struct echo_server {
  std::function<void(int listener)> serve;
};
/// The same, but closes each connection as soon as it has accepted it.
struct accept_server {
  std::function<void(int listener)> serve;
};

/// Blocking calls on a connected stream: one message there and back, so many times; and the side
/// that answers until the stream ends.
struct ping_pong {
  std::function<void(int stream, int turns)> ask;
  std::function<void(int stream)> answer;
};

/// A pair of UDP sockets in one thread.
class datagram_pair {
 public:
  virtual ~datagram_pair() = default;
  /// Sends at least `count` datagrams of message_size and returns how many.
  virtual std::size_t send(std::size_t count) = 0;
  /// Receives so many, which have arrived already.
  virtual void receive(std::size_t count) = 0;
};
/// One call for one datagram.
struct single_datagrams {
  std::function<std::unique_ptr<datagram_pair>()> make;
};
/// Calls for 64 datagrams.
struct batched_datagrams {
  std::function<std::unique_ptr<datagram_pair>()> make;
};
/// Calls for 64 datagrams that the system cuts out of one piece, or puts together to one.
struct offloaded_datagrams {
  std::function<std::unique_ptr<datagram_pair>()> make;
};

/// Sends so many bytes, in writes of bulk_write.
struct bulk_sender {
  std::function<std::function<void(std::size_t bytes)>(int stream)> make;
};

/// Each reads or writes all of the given addresses once and returns something that depends on each.
struct address_text {
  std::function<std::size_t(std::span<const std::string>)> parse_v4, parse_v6;
  std::function<std::size_t(std::span<const address_bytes>)> format_v4, format_v6;
};

}  // namespace compare
