// SPDX-License-Identifier: MIT
#pragma once

// A scenario makes calls of the library in a fixed order, on one thread, and looks at what each
// gave and did. One that fails ends it, and is told; one that succeeds with the wrong thing is
// wrong.
//
// Not the conformance suite with failing calls: what it calls differs from run to run, its own
// calls and its framework's would fail as well, and an expectation that is not met does not say
// whether the library told of the failure or hid it.

#include <array>
#include <chrono>
#include <cstddef>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>

#include <portsock/error.hpp>
#include <portsock/socket.hpp>
#include <portsock/transfer.hpp>

namespace portsock::faults {

using namespace std::chrono_literals;

/// A call that failed, and why. Thrown, so that all that was opened is closed on the way.
struct refused {
  std::string_view call;
  error reason;
};
/// A call that said it succeeded, and did not do what it is for.
struct wrong {
  std::string_view what;
};
/// The system, or who runs this, has nothing to try it with.
struct not_here {};

inline void expect(bool holds, std::string_view what) {
  if (!holds) throw wrong{what};
}

/// A call of the system's that the library has no part in.
inline int ask(std::string_view call, int outcome) {
  if (outcome < 0) throw refused{call, platform::last_failure()};
  return outcome;
}

template <class T>
T take(std::string_view call, result<T> outcome) {
  if (!outcome) throw refused{call, outcome.error()};
  if constexpr (!std::is_void_v<T>) return std::move(*outcome);
}
/// How far a transfer got, or a batch.
template <class Outcome>
  requires requires(Outcome o) { o.reason, o.size; }
std::size_t take(std::string_view call, Outcome outcome) {
  if (outcome.reason) throw refused{call, *outcome.reason};
  return static_cast<std::size_t>(outcome.size);
}
template <class Outcome>
  requires requires(Outcome o) { o.reason, o.count; }
std::size_t take(std::string_view call, Outcome outcome) {
  if (outcome.reason) throw refused{call, *outcome.reason};
  return outcome.count;
}

/// A failure that nobody injected ends a wait by it.
inline deadline soon() noexcept { return deadline::in(3s); }

inline const endpoint home{ipv4_address::loopback(), 0};

/// What a run of bytes that arrived says.
inline std::string_view text(std::span<const std::byte> bytes) noexcept {
  return {reinterpret_cast<const char*>(bytes.data()), bytes.size()};
}

struct pair_of_streams {
  stream_socket here;
  stream_socket there;
};
inline pair_of_streams connected() {
  auto listener = take("listen", stream_listener::listen(home));
  auto here = take(
      "connect", stream_socket::connect(take("local_endpoint", listener.local_endpoint()), soon()));
  return {std::move(here), take("accept", listener.accept(soon()))};
}

struct scenario {
  std::string_view name;
  void (*run)();
};
std::span<const scenario> stream_scenarios() noexcept;
std::span<const scenario> datagram_scenarios() noexcept;
std::span<const scenario> waiting_scenarios() noexcept;
std::span<const scenario> file_scenarios() noexcept;
std::span<const scenario> local_scenarios() noexcept;
std::span<const scenario> packet_scenarios() noexcept;
std::span<const scenario> system_scenarios() noexcept;

}  // namespace portsock::faults
