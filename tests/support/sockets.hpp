// SPDX-License-Identifier: MIT
#pragma once

// What nearly every test of sockets needs: two that are connected, a moment to give up at, bytes
// that are recognised again.

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <future>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <portsock/poller.hpp>
#include <portsock/socket.hpp>
#include <tests/support/matchers.hpp>

namespace portsock::tests {

using namespace std::chrono_literals;

/// For what must happen: long enough for a slow machine, short enough for a test that hangs.
inline deadline soon() noexcept { return deadline::in(10s); }
/// For what must not happen, and so takes all of the time.
inline deadline shortly() noexcept { return deadline::in(50ms); }

struct connected_pair {
  stream_socket here;
  stream_socket there;
};
/// Two ends of one connection over loopback: `here` connected, `there` was accepted.
connected_pair connected(family);

/// Runs on a thread of its own, which the future's destructor joins.
template <class Function>
auto in_background(Function function) {
  return std::async(std::launch::async, std::move(function));
}

/// Bytes that tell their places: no two stretches of 8 are alike, for any `size` in use here.
std::vector<std::byte> pattern(std::size_t size);

/// Sends all of `text` soon.
void say(stream_socket& socket, std::string_view text);
/// The next `size` bytes as text; fewer if the stream ends first.
std::string hear(stream_socket& socket, std::size_t size);
/// Everything up to the end of the stream.
std::vector<std::byte> hear_all(stream_socket& socket);
/// Fills the connection until a send would block, and says how many bytes that took. The socket
/// does not block afterwards.
std::size_t fill(stream_socket& socket);

/// What the socket became ready for; nothing if `until` passed first.
template <pollable T>
std::optional<readiness> ready(const T& socket, interest wanted, deadline until = soon()) {
  auto waiting = must(poller::create());
  must(waiting.add(socket, wanted, 1));
  const auto found = must(waiting.wait(until));
  if (found.empty()) return std::nullopt;
  return found.front();
}
template <pollable T>
bool can_receive(const T& socket, deadline until = soon()) {
  const auto found = ready(socket, interest::receive, until);
  return found && found->can_receive;
}
/// Waits until the peer's reset has arrived.
bool is_reset(const stream_socket& socket);

}  // namespace portsock::tests
