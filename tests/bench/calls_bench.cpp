// SPDX-License-Identifier: MIT

// Each call beside the bare system call, in one run. The rows come in pairs; compare within a pair,
// on a quiet machine, with --benchmark_repetitions and --benchmark_enable_random_interleaving.

#include <array>
#include <thread>

#include <benchmark/benchmark.h>

#include <portsock/socket.hpp>

#include <tests/bench/raw_calls.hpp>

namespace {

using namespace portsock;

constexpr std::size_t message_size = 64;
using message = std::array<std::byte, message_size>;

struct streams {
  stream_listener listener = stream_listener::listen({ipv4_address::loopback(), 0}).value();
  stream_socket near = stream_socket::connect(listener.local_endpoint().value()).value();
  stream_socket far = listener.accept().value();

  streams() {
    near.set(options::no_delay, true).value();
    far.set(options::no_delay, true).value();
  }
};

struct datagrams {
  datagram_socket near = datagram_socket::bind({ipv4_address::loopback(), 0}).value();
  datagram_socket far = datagram_socket::bind({ipv4_address::loopback(), 0}).value();
  native_endpoint to_far{far.local_endpoint().value()};
};

// One message there and back, on one thread: what the calls cost, without a scheduler between them.
void stream_there_and_back_bare(benchmark::State& state) {
  streams s;
  message m{};
  for (auto _ : state) {
    bool good = raw::send(s.near.native(), m.data(), m.size()) > 0;
    good = good && raw::receive(s.far.native(), m.data(), m.size()) > 0;
    good = good && raw::send(s.far.native(), m.data(), m.size()) > 0;
    good = good && raw::receive(s.near.native(), m.data(), m.size()) > 0;
    if (!good) state.SkipWithError("lost");
  }
}
BENCHMARK(stream_there_and_back_bare);

void stream_there_and_back(benchmark::State& state) {
  streams s;
  message m{};
  for (auto _ : state)
    if (!s.near.send(m) || !s.far.receive(m) || !s.far.send(m) || !s.near.receive(m))
      state.SkipWithError("lost");
}
BENCHMARK(stream_there_and_back);

// With a peer that answers from a thread of its own, as in a program.
void ping_pong(benchmark::State& state, auto turn) {
  streams s;
  std::thread peer{[&s] {
    message m{};
    while (s.far.receive_exactly(m) && s.far.send_all(m)) {
    }
  }};
  message m{};
  for (auto _ : state)
    if (!turn(s, m)) state.SkipWithError("lost");
  static_cast<void>(s.near.shutdown(direction::both));
  peer.join();
}

void ping_pong_bare(benchmark::State& state) {
  ping_pong(state, [](streams& s, message& m) {
    return raw::send(s.near.native(), m.data(), m.size()) > 0 &&
           raw::receive(s.near.native(), m.data(), m.size()) > 0;
  });
}
BENCHMARK(ping_pong_bare)->UseRealTime();

void ping_pong_portsock(benchmark::State& state) {
  ping_pong(state, [](streams& s, message& m) {
    return s.near.send(m).value_or(0) > 0 && s.near.receive(m).value_or(0) > 0;
  });
}
BENCHMARK(ping_pong_portsock)->UseRealTime();

void one_byte_bare(benchmark::State& state) {
  streams s;
  std::byte byte{};
  for (auto _ : state)
    if (raw::send(s.near.native(), &byte, 1) != 1 || raw::receive(s.far.native(), &byte, 1) != 1)
      state.SkipWithError("lost");
}
BENCHMARK(one_byte_bare);

void one_byte(benchmark::State& state) {
  streams s;
  std::byte byte{};
  for (auto _ : state)
    if (!s.near.send({&byte, 1}) || !s.far.receive({&byte, 1})) state.SkipWithError("lost");
}
BENCHMARK(one_byte);

void would_block_bare(benchmark::State& state) {
  streams s;
  s.near.set_blocking(false).value();
  message m{};
  for (auto _ : state)
    if (raw::receive(s.near.native(), m.data(), m.size()) >= 0) state.SkipWithError("data");
}
BENCHMARK(would_block_bare);

void would_block(benchmark::State& state) {
  streams s;
  s.near.set_blocking(false).value();
  message m{};
  for (auto _ : state)
    if (s.near.receive(m)) state.SkipWithError("data");
}
BENCHMARK(would_block);

void datagram_bare(benchmark::State& state) {
  datagrams d;
  message m{};
  native_endpoint from;
  for (auto _ : state)
    if (raw::send_to(d.near.native(), m.data(), m.size(), d.to_far) < 0 ||
        raw::receive_from(d.far.native(), m.data(), m.size(), from) < 0)
      state.SkipWithError("lost");
}
BENCHMARK(datagram_bare);

void datagram(benchmark::State& state) {
  datagrams d;
  message m{};
  for (auto _ : state)
    if (!d.near.send_to(m, d.to_far) || !d.far.receive_from(m)) state.SkipWithError("lost");
}
BENCHMARK(datagram);

}  // namespace
