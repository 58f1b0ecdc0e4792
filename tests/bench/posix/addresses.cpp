// SPDX-License-Identifier: MIT

// Address text beside libc's: 4,096 random addresses, in another order at each pass, so that no
// branch predictor knows them by heart. Compare `x_libc` with `x`, with --benchmark_repetitions and
// --benchmark_enable_random_interleaving.

#include <array>
#include <random>
#include <string>
#include <vector>

#include <arpa/inet.h>
#include <sys/socket.h>

#include <benchmark/benchmark.h>

#include <portsock/address.hpp>

namespace {

using namespace portsock;

constexpr std::size_t count = 4096;

/// Visits all of them in a new order at each pass.
class visits {
 public:
  std::size_t next() {
    if (++seen_ % count == 0) step_ = random_() | 1;
    at_ += step_;
    return at_ % count;
  }

 private:
  std::minstd_rand random_;
  std::size_t seen_ = 0;
  std::size_t step_ = 2654435761;
  std::size_t at_ = 0;
};

template <class Address>
std::vector<Address> random_addresses() {
  std::mt19937 random{1};
  std::vector<Address> all(count);
  for (auto& address : all)
    for (auto& byte : address.bytes) byte = static_cast<std::uint8_t>(random());
  return all;
}

template <class Address>
std::vector<std::string> texts() {
  std::vector<std::string> all;
  for (const auto& address : random_addresses<Address>()) all.push_back(to_string(address));
  return all;
}

template <class Address, int Family>
void parse_libc(benchmark::State& state) {
  const auto all = texts<Address>();
  visits order;
  for (auto _ : state) {
    Address address;
    if (::inet_pton(Family, all[order.next()].c_str(), address.bytes.data()) != 1)
      state.SkipWithError("refused");
    benchmark::DoNotOptimize(address);
  }
}

template <class Address, auto Parse>
void parse(benchmark::State& state) {
  const auto all = texts<Address>();
  visits order;
  for (auto _ : state) {
    auto address = Parse(all[order.next()]);
    if (!address) state.SkipWithError("refused");
    benchmark::DoNotOptimize(address);
  }
}

template <class Address, int Family>
void format_libc(benchmark::State& state) {
  const auto all = random_addresses<Address>();
  visits order;
  std::array<char, address_text_size> buffer;
  for (auto _ : state) {
    ::inet_ntop(Family, all[order.next()].bytes.data(), buffer.data(), buffer.size());
    benchmark::DoNotOptimize(buffer);
  }
}

template <class Address>
void format(benchmark::State& state) {
  std::vector<ip_address> all;
  for (const auto& address : random_addresses<Address>()) all.emplace_back(address);
  visits order;
  std::array<char, address_text_size> buffer;
  for (auto _ : state) {
    auto text = format_to(buffer, all[order.next()]);
    benchmark::DoNotOptimize(text);
    benchmark::DoNotOptimize(buffer);
  }
}

/// What the visiting costs, in each row.
void visit(benchmark::State& state) {
  const auto all = texts<ipv4_address>();
  visits order;
  for (auto _ : state) benchmark::DoNotOptimize(all[order.next()].data());
}

BENCHMARK(visit);
BENCHMARK(parse_libc<ipv4_address, AF_INET>)->Name("parse_v4_libc");
BENCHMARK(parse<ipv4_address, parse_ipv4>)->Name("parse_v4");
BENCHMARK(format_libc<ipv4_address, AF_INET>)->Name("format_v4_libc");
BENCHMARK(format<ipv4_address>)->Name("format_v4");
BENCHMARK(parse_libc<ipv6_address, AF_INET6>)->Name("parse_v6_libc");
BENCHMARK(parse<ipv6_address, parse_ipv6>)->Name("parse_v6");
BENCHMARK(format_libc<ipv6_address, AF_INET6>)->Name("format_v6_libc");
BENCHMARK(format<ipv6_address>)->Name("format_v6");

}  // namespace
