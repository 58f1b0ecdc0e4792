// SPDX-License-Identifier: MIT
#include <vector>

#include <fcntl.h>

#include <portsock/stream_pair.hpp>
#include <portsock/stream_statistics.hpp>
#include <portsock/urgent_data.hpp>
#include <tests/faults/scenario.hpp>

namespace portsock::faults {
namespace {

void listen() {
  const auto listener = take("listen", stream_listener::listen(home));
  expect(take("local_endpoint", listener.local_endpoint()).port != 0, "it has a port");
}

void listen_on_one() {
  const auto listener = take("listen", stream_listener::listen({ipv6_address::any(), 0}));
  expect(take("v6_only", listener.get(options::v6_only)), "IPv4 is left to others");
}

/// Where connections linger that this side closed first.
void listen_again() {
  endpoint where;
  {
    auto listener = take("listen", stream_listener::listen(home));
    where = take("local_endpoint", listener.local_endpoint());
    const auto here = take("connect", stream_socket::connect(where, soon()));
    take("accept", listener.accept(soon()));
  }
  take("listen again", stream_listener::listen(where));
}

void listen_on_both() {
  listen_options both;
  both.dual_stack = true;
  const auto listener = take("listen", stream_listener::listen({ipv6_address::any(), 0}, both));
  const auto port = take("local_endpoint", listener.local_endpoint()).port;
  take("connect", stream_socket::connect({ipv4_address::loopback(), port}, soon()));
}

void listen_balanced() {
  listen_options balanced;
  balanced.policy = bind_policy::load_balanced;
  const auto first = take("listen", stream_listener::listen(home, balanced));
  take("listen beside it",
       stream_listener::listen(take("local_endpoint", first.local_endpoint()), balanced));
}

void talk() {
  auto [here, there] = connected();
  expect(
      take("peer_endpoint", here.peer_endpoint()) == take("local_endpoint", there.local_endpoint()),
      "each knows the other");
  std::array<std::byte, 16> room;

  expect(take("send", here.send(as_bytes("hello"))) == 5, "all of a few bytes goes");
  expect(take("receive", there.receive(room)) == 5 && text(room).starts_with("hello"),
         "what was sent arrives");
  expect(take("send with a deadline", there.send(as_bytes("you"), soon())) == 3, "so back");
  expect(take("receive with a deadline", here.receive(room, soon())) == 3 &&
             text(room).starts_with("you"),
         "what was sent back arrives");

  take("shutdown", here.shutdown(direction::send));
  expect(take("receive the end", there.receive(room, soon())) == 0, "the end is told");
}

void talk_in_pieces() {
  auto [here, there] = connected();
  const const_bytes pieces[] = {as_bytes("one"), as_bytes("two")};
  expect(take("send pieces", here.send(pieces)) == 6, "all pieces go");
  std::array<std::byte, 4> first;
  std::array<std::byte, 4> second;
  const mutable_bytes rooms[] = {first, second};
  expect(take("receive pieces", there.receive(rooms, soon())) == 6, "all pieces arrive");
  expect(text(first) == "onet" && text(second).starts_with("wo"), "in order");
  expect(take("available", there.available()) == 0, "nothing is left");
}

void send_much() {
  auto [here, there] = connected();
  const std::vector<std::byte> much(60'000, std::byte{7});
  take("send_all", here.send_all(much, soon()));
  std::vector<std::byte> room(much.size());
  take("receive_exactly", there.receive_exactly(room, soon()));
  expect(room == much, "all of it arrives");
}

void fill_up() {
  auto [here, there] = connected();
  take("set_blocking", here.set_blocking(false));
  const std::vector<std::byte> much(1 << 20);
  for (std::size_t i = 0;; ++i) {
    const auto sent = here.send(much);
    if (!sent && sent.error() == errc::would_block) break;
    take("send until it is full", sent);
    expect(i < 100, "a connection gets full");
  }
  // The peer's system may make room late.
  for (std::size_t i = 0;; ++i) {
    const auto late = here.send(much, deadline::in(1ms));
    if (!late && late.error() == errc::timed_out) break;
    take("send with a deadline", late);
    expect(i < 100, "nothing more goes");
  }
}

void connect_with_presets() {
  const auto listener = take("listen", stream_listener::listen(home));
  const auto here = take(
      "connect", stream_socket::connect(
                     take("local_endpoint", listener.local_endpoint()), soon(), home,
                     stream_presets{}.with(options::no_delay, true).with(options::hop_limit, 9)));
  expect(take("get", here.get(options::no_delay)), "no_delay is on");
  expect(take("get", here.get(options::hop_limit)) == 9, "the hop limit is that");
}

void connect_any() {
  const auto listener = take("listen", stream_listener::listen(home));
  const endpoint peers[] = {take("local_endpoint", listener.local_endpoint())};
  const auto here = take("connect_any", stream_socket::connect_any(peers, soon()));
  expect(take("peer_endpoint", here.peer_endpoint()) == peers[0], "it is that one");
}

void be_refused() {
  const auto gone =
      take("local_endpoint", take("listen", stream_listener::listen(home)).local_endpoint());
  const auto refusal = stream_socket::connect(gone, soon());
  expect(!refusal, "nobody listens");
  if (refusal.error() != errc::connection_refused) throw refused{"connect", refusal.error()};
}

template <class Option, class Value>
void turn(stream_socket& socket, Option option, Value value, std::string_view name) {
  take(name, socket.set(option, value));
  expect(take(name, socket.get(option)) == value, name);
}

void set_options() {
  auto [here, there] = connected();
  turn(here, options::no_delay, true, "no_delay");
  turn(here, options::keep_alive, true, "keep_alive");
  turn(here, options::keep_alive_idle, 50s, "keep_alive_idle");
  turn(here, options::keep_alive_interval, 5s, "keep_alive_interval");
  turn(here, options::keep_alive_count, 3, "keep_alive_count");
  turn(here, options::close_mode, close_mode::abortive, "close_mode");
  turn(here, options::receive_low_water, 3, "receive_low_water");
  turn(here, options::hop_limit, 7, "hop_limit");
  turn(here, options::traffic_class, 8, "traffic_class");
  turn(here, options::out_of_band_inline, true, "out_of_band_inline");
  take("send_buffer", here.set(options::send_buffer, 20'000));
  expect(take("send_buffer", here.get(options::send_buffer)) >= 20'000, "it is as large");
  take("receive_buffer", here.set(options::receive_buffer, 20'000));
  expect(take("receive_buffer", here.get(options::receive_buffer)) >= 20'000, "it is as large");
}

void tell_urgently() {
  auto [here, there] = connected();
  take("out_of_band_inline", there.set(options::out_of_band_inline, true));
  take("send_urgent", send_urgent(here, std::byte{'!'}));
  std::array<std::byte, 1> room;
  expect(take("receive", there.receive(room, soon())) == 1 && text(room) == "!", "it arrives");
  static_cast<void>(take("is_at_mark", is_at_mark(there)));
}

void measure() {
  auto [here, there] = connected();
  expect(take("statistics_of", statistics_of(here)).segment_size != 0, "a segment has a size");
}

void close_gracefully() {
  auto [here, there] = connected();
  take("shutdown", there.shutdown(direction::send));
  take("close_gracefully", std::move(here).close_gracefully(soon()));
}

void abort() {
  auto [here, there] = connected();
  std::move(here).abort();
  std::array<std::byte, 1> room;
  const auto end = there.receive(room, soon());
  // Without the option that makes a close abortive it is a graceful one: nobody is told more.
  if (!end && end.error() != errc::connection_reset) throw refused{"receive", end.error()};
}

void make_a_pair() {
  auto [first, second] = take("stream_pair", stream_pair::create());
  take("send", first.send(as_bytes("x")));
  std::array<std::byte, 2> room;
  expect(take("receive", second.receive(room, soon())) == 1, "it arrives");
}

void adopt() {
  auto [here, there] = connected();
  take("set_blocking", here.set_blocking(false));
  unique_handle foreign{std::move(here).release()};
  const int descriptor = static_cast<int>(foreign.get());
  ask("fcntl", ::fcntl(descriptor, F_SETFD, 0));
  auto adopted = take("adopt", stream_socket::adopt(foreign.get()));
  static_cast<void>(foreign.release());
  expect(ask("fcntl", ::fcntl(descriptor, F_GETFD)) == FD_CLOEXEC, "children do not inherit it");
  expect((ask("fcntl", ::fcntl(descriptor, F_GETFL)) & O_NONBLOCK) == 0, "it waits");
  take("send", adopted.send(as_bytes("x")));
  std::array<std::byte, 2> room;
  expect(take("receive", there.receive(room, soon())) == 1, "it arrives");
}

}  // namespace

std::span<const scenario> stream_scenarios() noexcept {
  static constexpr scenario all[] = {{"listen", listen},
                                     {"listen_on_one", listen_on_one},
                                     {"listen_again", listen_again},
                                     {"listen_on_both", listen_on_both},
                                     {"listen_balanced", listen_balanced},
                                     {"talk", talk},
                                     {"talk_in_pieces", talk_in_pieces},
                                     {"send_much", send_much},
                                     {"fill_up", fill_up},
                                     {"connect_with_presets", connect_with_presets},
                                     {"connect_any", connect_any},
                                     {"be_refused", be_refused},
                                     {"set_options", set_options},
                                     {"tell_urgently", tell_urgently},
                                     {"measure", measure},
                                     {"close_gracefully", close_gracefully},
                                     {"abort", abort},
                                     {"make_a_pair", make_a_pair},
                                     {"adopt", adopt}};
  return all;
}

}  // namespace portsock::faults
