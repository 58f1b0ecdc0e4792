// SPDX-License-Identifier: MIT

// Makes a call of the library between two marks, for system_calls.py to see what it asks of the
// system.   counted_calls NAME

#include <array>
#include <chrono>
#include <cstdio>
#include <map>
#include <string_view>
#include <utility>
#include <vector>

#include <portsock/icmp_socket.hpp>
#include <portsock/ping.hpp>
#include <portsock/ping_sockets.hpp>
#include <portsock/poller.hpp>
#include <portsock/prefix.hpp>
#include <portsock/socket.hpp>

namespace {

using namespace portsock;
using namespace portsock::literals;
using namespace std::chrono_literals;

const endpoint loopback{ipv4_address::loopback(), 0};
std::array<std::byte, 64> buffer;

void say(std::string_view what) {
  std::printf("%.*s\n", static_cast<int>(what.size()), what.data());
  std::fflush(stdout);
}

/// What `call` asks for is what is counted.
template <class Call>
bool counted(Call call) {
  say("mark");
  const bool as_expected = call();
  say("mark");
  return as_expected;
}

deadline soon() { return deadline::in(10s); }

struct pair_of_streams {
  stream_listener listener = stream_listener::listen(loopback).value();
  stream_socket here = stream_socket::connect(listener.local_endpoint().value(), soon()).value();
  stream_socket there = listener.accept(soon()).value();

  /// Sends to `here`, and returns when it has arrived.
  void fill() {
    there.send(as_bytes("x"), soon()).value();
    auto waiting = poller::create().value();
    waiting.add(here, interest::receive, 0).value();
    waiting.wait(soon()).value();
  }
};

struct crowd {
  explicit crowd(poll_mechanism mechanism) : waiting{poller::create(mechanism).value()} {
    for (std::uint64_t i = 0; i < 300; ++i) {
      sockets.push_back(datagram_socket::bind(loopback).value());
      waiting.add(sockets.back(), interest::receive, i, trigger::edge).value();
    }
    waiting.wait(deadline::now()).value();
  }
  void send_to_three() {
    for (const auto i : {0u, 100u, 200u})
      sockets[i].send_to(as_bytes("x"), sockets[i].local_endpoint().value()).value();
  }

  poller waiting;
  std::vector<datagram_socket> sockets;
};

bool receive() {
  pair_of_streams pair;
  pair.fill();
  return counted([&] { return pair.here.receive(buffer, soon()).value() == 1; });
}

bool send() {
  pair_of_streams pair;
  return counted([&] { return pair.here.send(as_bytes("x"), soon()).value() == 1; });
}

bool receive_from() {
  auto socket = datagram_socket::bind(loopback).value();
  socket.send_to(as_bytes("x"), socket.local_endpoint().value()).value();
  return counted([&] { return socket.receive_from(buffer, soon()).value().size == 1; });
}

bool send_to() {
  auto socket = datagram_socket::bind(loopback).value();
  const auto self = socket.local_endpoint().value();
  return counted([&] { return socket.send_to(as_bytes("x"), self, soon()).has_value(); });
}

bool connect() {
  const auto listener = stream_listener::listen(loopback).value();
  const auto peer = listener.local_endpoint().value();
  return counted([&] { return stream_socket::connect(peer, soon()).has_value(); });
}

bool wait_in(poll_mechanism mechanism) {
  crowd all{mechanism};
  if (all.waiting.mechanism() != mechanism) return say("not here"), true;
  all.send_to_three();
  return counted([&] { return all.waiting.wait(soon()).value().size() == 3; });
}

bool wait_a_little() {
  auto waiting = poller::create().value();
  const auto started = deadline::clock::now();
  const bool empty = counted([&] { return waiting.wait(deadline::in(300us)).value().empty(); });
  return empty && deadline::clock::now() - started >= 300us;
}

bool spin() {
  auto waiting = poller::create().value();
  waiting.spin_for(10ms);
  return counted([&] { return waiting.wait(deadline::in(20ms)).value().empty(); });
}

bool fall_back() {
  const auto waiting = poller::create(poll_mechanism::io_uring).value();
  say(waiting.mechanism() == poll_mechanism::epoll ? "epoll" : "another");
  return true;
}

struct count_of_replies final : ping::listener {
  int replies = 0;
  void happened(const ping::event& what) override {
    replies += what.kind == ping::event::what::reply ? 1 : 0;
  }
};

bool sweep() {
  auto v4 = icmp_socket::open(family::v4, icmp_access::raw);
  auto v6 = icmp_socket::open(family::v6, icmp_access::raw);
  if (!v4 || !v6) return say("not here"), true;
  auto network = ping::sockets::of(std::move(*v4), std::move(*v6)).value();
  count_of_replies told;
  ping::engine pings{network, told, {}};
  for (const auto host : "127.1.0.0/24"_prefix.hosts()) pings.add(host, {.timeout = 10s}).value();
  return counted([&] {
    while (pings.advance() && !pings.finished()) network.wait(deadline::at(pings.next())).value();
    return told.replies == 254;
  });
}

const std::map<std::string_view, bool (*)()> calls = {
    {"receive", receive},
    {"send", send},
    {"receive_from", receive_from},
    {"send_to", send_to},
    {"connect", connect},
    {"epoll", [] { return wait_in(poll_mechanism::epoll); }},
    {"io_uring", [] { return wait_in(poll_mechanism::io_uring); }},
    {"wait_a_little", wait_a_little},
    {"spin", spin},
    {"fall_back", fall_back},
    {"sweep", sweep},
};

}  // namespace

int main(int count, char** arguments) {
  const auto call = count == 2 ? calls.find(arguments[1]) : calls.end();
  return call != calls.end() && call->second() ? 0 : 1;
}
