// SPDX-License-Identifier: MIT

// Batches and segments beside sendto and recvfrom, in slices that take turns: what the machine does
// besides hits both. `ratio` is the median over the slices of the library's time for a datagram
// over the bare calls', and lies between `low` and `high` in 95 % of such runs.
//   portsock_bench --benchmark_filter=beside

#include <algorithm>
#include <array>
#include <chrono>
#include <cmath>
#include <vector>

#include <benchmark/benchmark.h>

#include <portsock/socket.hpp>

#include <tests/bench/raw_calls.hpp>

namespace {

using namespace portsock;
using nanoseconds = std::chrono::duration<double, std::nano>;

constexpr std::size_t datagram_size = 64, batch_size = 64;
/// As many batches as the system's receive buffers hold of single datagrams, with room to spare.
constexpr std::size_t batches_in_slice = 2, slice = batch_size * batches_in_slice;

/// Enough for an interval of a few percent on a busy machine, in about a second for each case.
constexpr int slices = 1'000;

/// Two sockets, of which one sends and the other receives, and all that the cases need.
struct one_way {
  datagram_socket sender = datagram_socket::bind({ipv4_address::loopback(), 0}).value();
  datagram_socket receiver = datagram_socket::bind({ipv4_address::loopback(), 0}).value();
  native_endpoint to_receiver{receiver.local_endpoint().value()};
  connected_datagram_socket to_peer =
      connected_datagram_socket::connect(receiver.local_endpoint().value()).value();
  datagram_socket back = datagram_socket::bind({ipv4_address::loopback(), 0}).value();
  connected_datagram_socket from_back =
      connected_datagram_socket::connect(back.local_endpoint().value()).value();

  std::array<std::byte, batch_size * datagram_size> data{};
  std::vector<std::byte> room = std::vector<std::byte>(65'535);
  std::array<const_bytes, batch_size> batch;
  std::array<outgoing, batch_size> addressed;
  std::vector<incoming> rooms;
  std::vector<incoming_part> parts;

  one_way() {
    for (std::size_t i = 0; i != batch_size; ++i) {
      const auto place = std::span{data}.subspan(i * datagram_size, datagram_size);
      batch[i] = place;
      addressed[i] = {place, to_receiver};
      rooms.emplace_back(std::span{room}.subspan(i * datagram_size, datagram_size));
      parts.emplace_back(std::span{room}.subspan(i * datagram_size, datagram_size));
    }
  }

  bool send_bare(native_handle s, const native_endpoint& to) {
    bool good = true;
    for (std::size_t i = 0; i != slice; ++i)
      good &= raw::send_to(s, data.data(), datagram_size, to) > 0;
    return good;
  }
  bool receive_bare(native_handle s) {
    native_endpoint from;
    bool good = true;
    for (std::size_t i = 0; i != slice; ++i)
      good &= raw::receive_from(s, room.data(), datagram_size, from) > 0;
    return good;
  }
};

/// Runs `prepare`, then `work` against the clock, then `clean`: a datagram's share of the time.
double timed(benchmark::State& state, auto prepare, auto work, auto clean) {
  bool good = prepare();
  const auto start = std::chrono::steady_clock::now();
  good &= work();
  const nanoseconds taken = std::chrono::steady_clock::now() - start;
  good &= clean();
  if (!good) state.SkipWithError("lost");
  return taken.count() / static_cast<double>(slice);
}

constexpr auto nothing = [] { return true; };

/// Lets the two take turns, each time in another order.
void compare(benchmark::State& state, auto bare, auto library) {
  std::vector<double> ratios;
  for (auto _ : state) {
    double first = 0;
    double second = 0;
    if (ratios.size() % 2 == 0) {
      first = bare();
      second = library();
    } else {
      second = library();
      first = bare();
    }
    ratios.push_back(second / first);
    state.SetIterationTime(second * 1e-9);
  }
  std::ranges::sort(ratios);
  const auto count = static_cast<double>(ratios.size());
  const auto at = [&](double place) {
    return ratios[static_cast<std::size_t>(std::clamp(place, 0.0, count - 1))];
  };
  state.counters["ratio"] = at(count / 2);
  state.counters["low"] = at(count / 2 - 0.98 * std::sqrt(count));
  state.counters["high"] = at(count / 2 + 0.98 * std::sqrt(count));
}

void compare_sending(benchmark::State& state, one_way& w, auto send) {
  const auto drain = [&] { return w.receive_bare(w.receiver.native()); };
  compare(
      state,
      [&] {
        return timed(
            state, nothing, [&] { return w.send_bare(w.sender.native(), w.to_receiver); }, drain);
      },
      [&] { return timed(state, nothing, send, drain); });
}

void send_batch_beside_sendto(benchmark::State& state) {
  one_way w;
  compare_sending(state, w, [&] {
    bool good = true;
    for (std::size_t i = 0; i != batches_in_slice; ++i)
      good &= bool{w.sender.send_batch(w.addressed)};
    return good;
  });
}
BENCHMARK(send_batch_beside_sendto)->UseManualTime()->Iterations(slices);

void send_connected_batch_beside_sendto(benchmark::State& state) {
  one_way w;
  compare_sending(state, w, [&] {
    bool good = true;
    for (std::size_t i = 0; i != batches_in_slice; ++i) good &= bool{w.to_peer.send_batch(w.batch)};
    return good;
  });
}
BENCHMARK(send_connected_batch_beside_sendto)->UseManualTime()->Iterations(slices);

void send_segments_beside_sendto(benchmark::State& state) {
  one_way w;
  auto joined = datagram_socket::bind({ipv4_address::loopback(), 0}).value();
  joined.coalesce(true).value();
  auto to_joined = connected_datagram_socket::connect(joined.local_endpoint().value()).value();
  const auto send = [&] {
    bool good = true;
    for (std::size_t i = 0; i != batches_in_slice; ++i)
      good &= bool{to_joined.send_segments(w.data, datagram_size)};
    return good;
  };
  const auto drain = [&] {
    for (std::size_t count = 0; count < slice;) {
      const auto got = joined.receive_segments(w.room);
      if (!got) return false;
      count += got->in(w.room).size();
    }
    return true;
  };
  compare(
      state,
      [&] {
        return timed(
            state, nothing, [&] { return w.send_bare(w.sender.native(), w.to_receiver); },
            [&] { return w.receive_bare(w.receiver.native()); });
      },
      [&] { return timed(state, nothing, send, drain); });
}
BENCHMARK(send_segments_beside_sendto)->UseManualTime()->Iterations(slices);

void compare_receiving(benchmark::State& state, one_way& w, auto fill, auto receive) {
  compare(
      state,
      [&] {
        return timed(
            state, [&] { return w.send_bare(w.sender.native(), w.to_receiver); },
            [&] { return w.receive_bare(w.receiver.native()); }, nothing);
      },
      [&] { return timed(state, fill, receive, nothing); });
}

void receive_batch_beside_recvfrom(benchmark::State& state) {
  one_way w;
  compare_receiving(
      state, w, [&] { return w.send_bare(w.sender.native(), w.to_receiver); },
      [&] {
        std::size_t count = 0;
        while (count < slice) count += w.receiver.receive_batch(w.rooms).value();
        return count == slice;
      });
}
BENCHMARK(receive_batch_beside_recvfrom)->UseManualTime()->Iterations(slices);

void receive_connected_batch_beside_recvfrom(benchmark::State& state) {
  one_way w;
  const native_endpoint to{w.from_back.local_endpoint().value()};
  compare_receiving(
      state, w, [&] { return w.send_bare(w.back.native(), to); },
      [&] {
        std::size_t count = 0;
        while (count < slice) count += w.from_back.receive_batch(w.parts).value();
        return count == slice;
      });
}
BENCHMARK(receive_connected_batch_beside_recvfrom)->UseManualTime()->Iterations(slices);

void receive_segments_beside_recvfrom(benchmark::State& state) {
  one_way w;
  auto joined = datagram_socket::bind({ipv4_address::loopback(), 0}).value();
  joined.coalesce(true).value();
  auto to_joined = connected_datagram_socket::connect(joined.local_endpoint().value()).value();
  compare_receiving(
      state, w,
      [&] {
        bool good = true;
        for (std::size_t i = 0; i != batches_in_slice; ++i)
          good &= bool{to_joined.send_segments(w.data, datagram_size)};
        return good;
      },
      [&] {
        for (std::size_t count = 0; count < slice;) {
          const auto got = joined.receive_segments(w.room);
          if (!got) return false;
          count += got->in(w.room).size();
        }
        return true;
      });
}
BENCHMARK(receive_segments_beside_recvfrom)->UseManualTime()->Iterations(slices);

void receive_in_detail_beside_recvfrom(benchmark::State& state) {
  one_way w;
  w.receiver
      .report({.destination = true, .hop_limit = true, .traffic_class = true, .arrival = true})
      .value();
  auto plain = datagram_socket::bind({ipv4_address::loopback(), 0}).value();
  const native_endpoint to_plain{plain.local_endpoint().value()};
  compare(
      state,
      [&] {
        return timed(
            state, [&] { return w.send_bare(w.sender.native(), to_plain); },
            [&] { return w.receive_bare(plain.native()); }, nothing);
      },
      [&] {
        return timed(
            state, [&] { return w.send_bare(w.sender.native(), w.to_receiver); },
            [&] {
              bool good = true;
              for (std::size_t i = 0; i != slice; ++i)
                good &= bool{w.receiver.receive_in_detail(w.room)};
              return good;
            },
            nothing);
      });
}
BENCHMARK(receive_in_detail_beside_recvfrom)->UseManualTime()->Iterations(slices);

}  // namespace
