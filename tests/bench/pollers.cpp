// SPDX-License-Identifier: MIT

// What a wait costs when one of many sockets is ready: each mechanism of this system beside `poll`,
// in slices that take turns, so that whatever else the machine does befalls all alike.
//
//   pollers_bench [SOCKETS...]     by default 10 100 1000

#include <algorithm>
#include <array>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <span>
#include <type_traits>
#include <utility>
#include <vector>

#include <portsock/poller.hpp>
#include <portsock/socket.hpp>

namespace {

using namespace portsock;
using std::chrono::nanoseconds;

constexpr std::size_t rounds = 41;
constexpr std::size_t turns = 25;  // of one slice

template <class T>
T must(result<T> outcome) {
  if (outcome) {
    if constexpr (std::is_void_v<T>)
      return;
    else
      return std::move(*outcome);
  }
  std::fprintf(stderr, "pollers_bench: %s\n", outcome.error().message().c_str());
  std::exit(1);
}

const char* name_of(poll_mechanism mechanism) {
  switch (mechanism) {
    case poll_mechanism::epoll:
      return "epoll";
    case poll_mechanism::io_uring:
      return "io_uring";
    case poll_mechanism::kqueue:
      return "kqueue";
    case poll_mechanism::afd:
      return "afd";
    case poll_mechanism::poll:
      return "poll";
  }
  return "?";
}

/// One mechanism, and sockets of its own, all of which it watches.
class contender {
 public:
  contender(poll_mechanism mechanism, std::size_t size)
      : waiting_{must(poller::create(mechanism))} {
    for (std::size_t i = 0; i != size; ++i) {
      sockets_.push_back(must(datagram_socket::bind({ipv4_address::loopback()})));
      places_.push_back(must(sockets_.back().local_endpoint()));
      must(waiting_.add(sockets_.back(), interest::receive, i));
    }
  }

  poll_mechanism mechanism() const { return waiting_.mechanism(); }
  const std::vector<double>& microseconds() const { return microseconds_; }

  /// Waits, each time for one socket that is ready.
  double slice() {
    nanoseconds total{};
    std::array<std::byte, 8> buffer;
    for (std::size_t turn = 0; turn != turns; ++turn) {
      next_ = (next_ + 7) % sockets_.size();
      must(sender_.send_to(std::as_bytes(std::span{"x", 1}), places_[next_]));
      const auto started = std::chrono::steady_clock::now();
      const auto found = must(waiting_.wait(deadline::in(std::chrono::seconds{10})));
      total += std::chrono::steady_clock::now() - started;
      if (found.size() != 1 || found.front().token != next_) {
        std::fprintf(stderr, "pollers_bench: the wait found something else\n");
        std::exit(1);
      }
      must(sockets_[next_].receive_from(buffer));
    }
    return std::chrono::duration<double, std::micro>{total}.count() / turns;
  }
  void run() { microseconds_.push_back(slice()); }

 private:
  poller waiting_;
  datagram_socket sender_ = must(datagram_socket::bind({ipv4_address::loopback()}));
  std::vector<datagram_socket> sockets_;
  std::vector<endpoint> places_;
  std::vector<double> microseconds_;  ///< of one wait, each round
  std::size_t next_ = 0;
};

/// Medians; of the ratios inside a round with the interval that holds the true one by 95 % (its
/// ends are order statistics: ranks n/2 -+ 0.98 sqrt n).
void report(const contender& each, const contender& baseline, std::size_t size) {
  auto times = each.microseconds();
  std::vector<double> ratios;
  for (std::size_t i = 0; i != rounds; ++i) ratios.push_back(times[i] / baseline.microseconds()[i]);
  std::ranges::sort(times);
  std::ranges::sort(ratios);
  constexpr std::size_t low = 14, middle = rounds / 2, high = rounds - 1 - low;
  std::printf("%7zu  %-9s  %10.2f us  %6.3f x poll [%.3f, %.3f]\n", size, name_of(each.mechanism()),
              times[middle], ratios[middle], ratios[low], ratios[high]);
}

void compare(std::size_t size) {
  std::vector<contender> contenders;
  for (const auto mechanism : poller::mechanisms()) {
    contenders.emplace_back(mechanism, size);
    if (contenders.back().mechanism() != mechanism) contenders.pop_back();
  }
  for (auto& each : contenders) each.slice();  // to warm up
  for (std::size_t round = 0; round != rounds; ++round)
    for (auto& each : contenders) each.run();
  for (const auto& each : contenders) report(each, contenders.back(), size);
}

}  // namespace

int main(int argc, char** argv) {
  std::vector<std::size_t> sizes;
  for (int i = 1; i < argc; ++i) sizes.push_back(std::strtoul(argv[i], nullptr, 10));
  if (sizes.empty()) sizes = {10, 100, 1000};
  std::puts("sockets  mechanism  a wait that finds one: median, ratio [95 %]");
  for (const auto size : sizes) compare(size);
}
