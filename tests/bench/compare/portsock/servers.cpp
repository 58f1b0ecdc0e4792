// SPDX-License-Identifier: MIT

// The servers over each mechanism of poller.

#include <memory>

#include <portsock/poller.hpp>
#include <portsock/socket.hpp>

#include <tests/bench/compare/registry.hpp>

namespace compare {
namespace {

using namespace portsock;

struct connection {
  explicit connection(stream_socket accepted) noexcept : socket{std::move(accepted)} {}

  /// Sends back what has come. Whether there will be more.
  bool echo(bool ended) {
    std::array<std::byte, 2048> buffer;
    for (;;) {
      const auto size = socket.receive(buffer);
      if (!size) return size.error() == errc::would_block;
      if (*size == 0) return false;
      require(socket.send({buffer.data(), *size}).value_or(0) == *size, "send");
      if (*size < buffer.size() && !ended) return true;
    }
  }

  stream_socket socket;
};

std::uint64_t token_of(const connection& c) { return reinterpret_cast<std::uintptr_t>(&c); }
connection* connection_of(std::uint64_t token) {
  return reinterpret_cast<connection*>(static_cast<std::uintptr_t>(token));
}
constexpr std::uint64_t door = 0;

/// Level-triggered, as a program asks for it that thinks no more of it; one connection a turn, and
/// the poller tells of the listener again when there are more.
template <class Accepted, class Ready>
void serve(poll_mechanism mechanism, int handle, Accepted accepted, Ready ready) {
  auto listener = stream_listener::adopt(native_handle{handle}).value();
  listener.set_blocking(false).value();
  auto poller = poller::create(mechanism).value();
  poller.add(listener, interest::receive, door).value();
  for (;;) {
    const auto events = poller.wait(deadline::never());
    require(events.has_value(), "wait");
    for (const auto& event : *events) {
      if (event.token != door)
        ready(poller, event);
      else if (auto next = listener.accept())
        accepted(poller, std::move(*next));
    }
  }
}

void echo(poll_mechanism mechanism, int handle) {
  serve(
      mechanism, handle,
      [](poller& poller, stream_socket socket) {
        auto fresh = std::make_unique<connection>(std::move(socket));
        fresh->socket.set_blocking(false).value();
        poller.add(fresh->socket, interest::receive, token_of(*fresh), trigger::edge).value();
        static_cast<void>(fresh.release());
      },
      [](poller& poller, const readiness& event) {
        auto* const known = connection_of(event.token);
        if (known->echo(event.ended)) return;
        poller.remove(known->socket).value();
        delete known;
      });
}

void close_all(poll_mechanism mechanism, int handle) {
  serve(mechanism, handle, [](poller&, stream_socket) {}, [](poller&, const readiness&) {});
}

std::string name_of(poll_mechanism mechanism) {
  switch (mechanism) {
    case poll_mechanism::epoll:
      return "portsock epoll";
    case poll_mechanism::io_uring:
      return "portsock io_uring";
    case poll_mechanism::poll:
      return "portsock poll()";
    default:
      return "portsock";
  }
}

const bool registered = [] {
  for (const auto mechanism : poller::mechanisms()) {
    // Only what the running system has, and not what stands in for it.
    if (poller::create(mechanism).value().mechanism() != mechanism) continue;
    const auto name = name_of(mechanism);
    add<echo_server>{name, {[mechanism](int listener) { echo(mechanism, listener); }}};
    add<accept_server>{name, {[mechanism](int listener) { close_all(mechanism, listener); }}};
  }
  return true;
}();

}  // namespace
}  // namespace compare
