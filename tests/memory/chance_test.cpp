// SPDX-License-Identifier: MIT

// What a path does by chance, and what decides it: the seed and the flow, and nothing else.

#include <gmock/gmock.h>

#include <algorithm>
#include <array>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include <portsock/memory.hpp>
#include <portsock/stream_statistics.hpp>
#include <tests/support/matchers.hpp>
#include <tests/support/sockets.hpp>

namespace portsock::tests {
namespace {

using namespace literals;
using memory::passing;
using duration = deadline::clock::duration;
using testing::AllOf;
using testing::Contains;
using testing::Each;
using testing::Ge;
using testing::Le;

/// A datagram by its number, and how long it was on the way.
struct arrival {
  int number;
  duration after;
  friend bool operator==(const arrival&, const arrival&) = default;
};
using arrivals = std::vector<arrival>;

struct two_hosts {
  explicit two_hosts(const memory::path& way, std::uint64_t seed = 7) : net{seed} {
    net.set_time(passing::leaps);
    net.connect(client, server, way);
  }
  datagram_socket bound(memory::host where, const endpoint& local) const {
    const memory::on there{where};
    return must(datagram_socket::bind(local));
  }
  static void send(datagram_socket& from, int number, const endpoint& to) {
    must(from.send_to(as_bytes(std::to_string(number)), to));
  }
  /// What comes until nothing has for a second.
  static arrivals hear(datagram_socket& at, deadline::clock::time_point since) {
    arrivals got;
    std::array<std::byte, 16> buffer;
    while (const auto one = at.receive_from(buffer, deadline::in(1s)))
      got.push_back({std::stoi(std::string{as_text(const_bytes{buffer}.first(one->size))}),
                     deadline::clock::now() - since});
    return got;
  }

  memory::network net;
  memory::host server = net.add_host("server", {"192.0.2.1"_ip});
  memory::host client = net.add_host("client", {"192.0.2.2"_ip});
};

constexpr endpoint target = "192.0.2.1:5000"_endpoint;

/// What arrives of datagrams that are all sent at the same moment.
arrivals sent_over(const memory::path& way, int count, std::uint64_t seed = 7) {
  const two_hosts hosts{way, seed};
  auto receiver = hosts.bound(hosts.server, target);
  auto sender = hosts.bound(hosts.client, "192.0.2.2:5000"_endpoint);
  const auto began = deadline::clock::now();
  for (int i = 0; i != count; ++i) two_hosts::send(sender, i, target);
  return two_hosts::hear(receiver, began);
}

std::vector<duration> times_of(const arrivals& all) {
  std::vector<duration> times;
  std::ranges::transform(all, std::back_inserter(times), &arrival::after);
  return times;
}
std::set<int> numbers_of(const arrivals& all) {
  std::set<int> numbers;
  for (const auto& each : all) numbers.insert(each.number);
  return numbers;
}

// ---- what it does

TEST(Chance, LosesTheShareOfDatagramsThatThePathSays) {
  const auto got = sent_over({.loss = 0.3}, 1000);
  EXPECT_GT(got.size(), 650u);
  EXPECT_LT(got.size(), 750u);
}

TEST(Chance, CountsWhatItDoes) {
  const two_hosts hosts{{.loss = 0.2, .duplication = 0.2, .reordering = 0.2, .held_back = 7ms}};
  auto receiver = hosts.bound(hosts.server, target);
  auto sender = hosts.bound(hosts.client, "192.0.2.2:5000"_endpoint);
  const auto began = deadline::clock::now();
  for (int i = 0; i != 200; ++i) two_hosts::send(sender, i, target);

  const auto got = two_hosts::hear(receiver, began);

  const auto counted = hosts.net.count();
  EXPECT_EQ(counted.sent, 200u);
  EXPECT_EQ(counted.lost, 200 - numbers_of(got).size());
  EXPECT_EQ(counted.duplicated, got.size() - numbers_of(got).size());
  arrivals late;
  std::ranges::copy_if(got, std::back_inserter(late),
                       [](const arrival& one) { return one.after == 7ms; });
  EXPECT_EQ(counted.reordered, numbers_of(late).size());
}

TEST(Chance, DeliversTheShareOfDatagramsTwiceThatThePathSays) {
  const auto got = sent_over({.duplication = 0.2}, 500);
  EXPECT_GT(got.size(), 570u);
  EXPECT_LT(got.size(), 630u);
  EXPECT_EQ(numbers_of(got).size(), 500u);
}

TEST(Chance, HoldsSomeDatagramsBackForAsLongAsThePathSays) {
  const auto got = sent_over({.latency = 10ms, .reordering = 0.2, .held_back = 7ms}, 500);
  const auto late = std::ranges::count(got, 17ms, &arrival::after);
  EXPECT_GT(late, 70);
  EXPECT_LT(late, 130);
  EXPECT_EQ(std::ranges::count(got, 10ms, &arrival::after), 500 - late);
}

TEST(Chance, DelaysDatagramsEvenlyByTheJitter) {
  const auto times = times_of(sent_over({.latency = 10ms, .jitter = 20ms}, 500));
  EXPECT_EQ(times.size(), 500u);
  EXPECT_THAT(times, Each(AllOf(Ge(10ms), Le(30ms))));
  for (const auto least : {10ms, 15ms, 20ms, 25ms})
    EXPECT_GT(std::ranges::count_if(
                  times, [least](auto time) { return time >= least && time < least + 5ms; }),
              90)
        << least.count();
}

TEST(Chance, KeepsStreamsInOrderWhateverTheJitter) {
  const two_hosts hosts{{.latency = 10ms, .jitter = 20ms}};
  std::optional<memory::on> there{hosts.server};
  auto listener = must(stream_listener::listen("192.0.2.1:80"_endpoint));
  there.emplace(hosts.client);
  auto here = must(stream_socket::connect("192.0.2.1:80"_endpoint, soon()));
  auto accepted = must(listener.accept(soon()));
  std::vector<duration> times;
  for (int i = 0; i != 100; ++i) {
    const auto began = deadline::clock::now();
    say(here, "a");
    say(here, "b");
    say(here, "c");
    EXPECT_EQ(hear(accepted, 3), "abc");
    times.push_back(deadline::clock::now() - began);
  }
  EXPECT_THAT(times, Each(AllOf(Ge(10ms), Le(30ms))));
  EXPECT_THAT(times, Contains(Ge(25ms)));
  EXPECT_THAT(times, Contains(Le(20ms)));
  EXPECT_EQ(must(statistics_of(here)).round_trip, 40ms) << "with the mean of the jitter";
  EXPECT_EQ(must(statistics_of(here)).least_round_trip, 20ms);
}

// ---- what decides it

const memory::path chances[] = {
    {.loss = 0.5},
    {.duplication = 0.5},
    {.reordering = 0.5},
    {.jitter = 10ms},
    {.latency = 1ms, .jitter = 10ms, .loss = 0.2, .duplication = 0.2, .reordering = 0.2},
};

TEST(Chance, IsTheSameForTheSameSeed) {
  for (const auto& way : chances) {
    EXPECT_EQ(sent_over(way, 64, 1), sent_over(way, 64, 1));
    EXPECT_NE(sent_over(way, 64, 1), sent_over(way, 64, 2));
  }
}

/// What the server's port 5000 hears from the client's, while others send what they do.
template <class Others>
arrivals heard_beside(const memory::path& way, Others others) {
  const two_hosts hosts{way};
  auto receiver = hosts.bound(hosts.server, target);
  auto sender = hosts.bound(hosts.client, "192.0.2.2:5000"_endpoint);
  const auto began = deadline::clock::now();
  for (int i = 0; i != 64; ++i) {
    others(hosts, i);
    two_hosts::send(sender, i, target);
  }
  return two_hosts::hear(receiver, began);
}

TEST(Chance, IsNotThatOfOtherFlows) {
  for (const auto& way : chances) {
    const auto alone = heard_beside(way, [](const two_hosts&, int) {});
    const auto beside = [&way](const endpoint& from, const endpoint& to) {
      return heard_beside(way, [from, to](const two_hosts& hosts, int number) {
        auto other = hosts.bound(hosts.client, from);
        for (int i = 0; i != number % 3; ++i) two_hosts::send(other, i, to);
      });
    };
    EXPECT_EQ(beside("192.0.2.2:5001"_endpoint, "192.0.2.1:5001"_endpoint), alone);
    EXPECT_EQ(beside("192.0.2.2:5001"_endpoint, "192.0.2.2:5000"_endpoint), alone);
  }
}

TEST(Chance, DiffersFromFlowToFlow) {
  const auto heard_at = [](std::uint16_t port) {
    const two_hosts hosts{{.loss = 0.5}};
    const endpoint to{"192.0.2.1"_ip, port};
    auto receiver = hosts.bound(hosts.server, to);
    auto sender = hosts.bound(hosts.client, "192.0.2.2:5000"_endpoint);
    for (int i = 0; i != 64; ++i) two_hosts::send(sender, i, to);
    return numbers_of(two_hosts::hear(receiver, deadline::clock::now()));
  };
  EXPECT_NE(heard_at(5000), heard_at(5001));
}

TEST(Chance, IsNotThatOfThreads) {
  const auto heard = [](bool at_once) {
    const two_hosts hosts{{.loss = 0.5}};
    std::vector<datagram_socket> receivers;
    std::vector<datagram_socket> senders;
    for (std::uint16_t port = 5000; port != 5004; ++port) {
      receivers.push_back(hosts.bound(hosts.server, {"192.0.2.1"_ip, port}));
      senders.push_back(hosts.bound(hosts.client, {"192.0.2.2"_ip, port}));
    }
    const auto send_all_of = [&](std::size_t which) {
      const auto to = must(receivers[which].local_endpoint());
      for (int i = 0; i != 500; ++i) two_hosts::send(senders[which], i, to);
    };
    if (at_once) {
      std::vector<std::future<void>> threads;
      for (std::size_t i = 4; i-- != 0;)
        threads.push_back(in_background([&send_all_of, i] { send_all_of(i); }));
    } else {
      for (std::size_t i = 0; i != 4; ++i) send_all_of(i);
    }
    std::vector<std::set<int>> all;
    for (auto& each : receivers)
      all.push_back(numbers_of(two_hosts::hear(each, deadline::clock::now())));
    return all;
  };
  EXPECT_EQ(heard(true), heard(false));
}

TEST(Chance, DelaysStreamsTheSameForTheSameSeed) {
  const auto time_of = [](std::uint64_t seed) {
    const two_hosts hosts{{.latency = 5ms, .jitter = 5ms, .loss = 0.2}, seed};
    std::optional<memory::on> there{hosts.server};
    auto listener = must(stream_listener::listen("192.0.2.1:80"_endpoint));
    there.emplace(hosts.client);
    auto here = must(stream_socket::connect("192.0.2.1:80"_endpoint, deadline::in(1h)));
    auto accepted = must(listener.accept(deadline::in(1h)));
    const auto began = deadline::clock::now();
    must(here.send(pattern(100'000), deadline::in(1h)));
    must(here.shutdown(direction::send));
    std::array<std::byte, 4096> buffer;
    while (must(accepted.receive(buffer, deadline::in(1h))) != 0) continue;
    return deadline::clock::now() - began;
  };
  EXPECT_EQ(time_of(1), time_of(1));
  EXPECT_NE(time_of(1), time_of(2));
}

}  // namespace
}  // namespace portsock::tests
