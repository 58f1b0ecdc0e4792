// SPDX-License-Identifier: MIT
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <map>
#include <set>
#include <vector>

#include <portsock/trace.hpp>
#include <tests/support/matchers.hpp>
#include <tests/unit/ping_world.hpp>

namespace portsock::ping {
namespace {

using portsock::tests::FailsWith;
using portsock::tests::Succeeds;
using testing::Each;
using testing::ElementsAre;
using tests::scripted_link;
using tests::seen_request;
using what = event::what;
using namespace literals;
using namespace std::chrono_literals;

constexpr auto host = "192.0.2.1"_ip;

ip_address router(std::uint8_t hop) { return ipv4_address{{203, 0, 113, hop}}; }

/// A way of some routers, a millisecond from each to the next, and a host behind them.
struct road : listener {
  explicit road(std::uint8_t length, trace_schedule wanted = {}, std::set<int> silent_ones = {})
      : routers{length},
        silent{std::move(silent_ones)},
        network{[this](auto& link, auto request) { carry(link, std::move(request)); }},
        way{network, *this, host, wanted, {}, tests::self} {}

  void carry(scripted_link& link, seen_request request) {
    asked.push_back(request.hop_limit);
    under_way.insert(request.hop_limit);
    most_under_way = (std::max)(most_under_way, under_way.size());
    if (silent.contains(request.hop_limit)) return;
    const bool through = request.hop_limit > routers;
    const auto hop = through ? std::uint8_t(routers + 1) : request.hop_limit;
    link.from = through ? host : router(hop);
    if (through && refusal)
      link.quote(hop * 1ms, *refusal, std::move(request));
    else if (through)
      link.reply(hop * 1ms, std::move(request));
    else
      link.quote(hop * 1ms, icmp::time_exceeded{}, std::move(request));
  }
  road& run() {
    while (!way.finished() && outcome) {
      outcome = way.advance();
      if (!way.finished()) network.wait((std::min)(way.next(), network.now() + 1h));
    }
    return *this;
  }
  void happened(const event& e) override {
    const auto hop = static_cast<int>(e.host) + 1;
    ++count[{hop, e.kind}];
    if (e.kind == what::sent) return;
    under_way.erase(static_cast<std::uint8_t>(hop));
    if (e.kind == what::refused || e.kind == what::reply) from[hop].insert(e.from);
    if (stops_at_first) way.stop();
  }

  std::uint8_t routers;
  std::set<int> silent;
  std::optional<icmp::unreachable> refusal;
  bool stops_at_first = false;
  std::vector<int> asked;
  std::set<std::uint8_t> under_way;
  std::size_t most_under_way = 0;
  std::map<std::pair<int, what>, int> count;
  std::map<int, std::set<ip_address>> from;
  result<> outcome;
  scripted_link network;
  trace way;
};

TEST(PingTrace, HearsOfEveryRouterAndOfTheHost) {
  road r{3, {.count = 4}};

  EXPECT_THAT(r.run().outcome, Succeeds());

  EXPECT_EQ(r.way.hops(), 4u);
  EXPECT_TRUE(r.way.reached());
  for (const std::uint8_t hop : std::initializer_list<std::uint8_t>{1, 2, 3}) {
    EXPECT_THAT(r.from[hop], ElementsAre(router(hop)));
    EXPECT_EQ((r.count[{hop, what::refused}]), 4);
  }
  EXPECT_THAT(r.from[4], ElementsAre(host));
  EXPECT_EQ((r.count[{4, what::reply}]), 4);
}

TEST(PingTrace, TellsNothingOfHopsBehindTheHostOnceItIsKnown) {
  road r{3, {.count = 5, .ahead = 8}};

  r.run();

  EXPECT_EQ(std::ranges::count(r.asked, 5), 1) << "it was asked before the host had answered";
  EXPECT_EQ((r.count[{5, what::reply}]), 0);
}

TEST(PingTrace, AsksSeveralHopsAtOnceAndNoMoreThanItMay) {
  road r{20, {.count = 1, .ahead = 5}};

  r.run();

  EXPECT_EQ(r.most_under_way, 5u);
  EXPECT_EQ(r.way.hops(), 21u);
}

TEST(PingTrace, PassesOverRoutersThatSayNothing) {
  road r{6, {.count = 2}, {2, 3}};

  r.run();

  EXPECT_EQ(r.way.hops(), 7u);
  EXPECT_TRUE(r.way.reached());
  EXPECT_EQ((r.count[{2, what::lost}]), 2);
}

TEST(PingTrace, GivesUpBehindManyThatSayNothing) {
  std::set<int> all;
  for (int hop = 3; hop <= 30; ++hop) all.insert(hop);
  road r{29, {.count = 1, .silent = 6}, all};

  r.run();

  EXPECT_EQ(r.way.hops(), 2u) << "those that said something";
  EXPECT_FALSE(r.way.reached());
  EXPECT_EQ(*std::ranges::max_element(r.asked), 8);
}

TEST(PingTrace, GoesNoFurtherThanItIsTold) {
  road r{20, {.first = 3, .last = 7, .count = 1}};

  r.run();

  EXPECT_THAT(r.asked, testing::UnorderedElementsAre(3, 4, 5, 6, 7));
  EXPECT_EQ(r.way.hops(), 5u);
}

TEST(PingTrace, EndsWhereARouterRefuses) {
  road r{2, {.count = 2}};
  r.refusal = icmp::unreachable{.code = 1};

  r.run();

  EXPECT_EQ(r.way.hops(), 3u);
  EXPECT_FALSE(r.way.reached());
}

TEST(PingTrace, EndsWhenItIsStopped) {
  road r{9, {.count = for_ever}};
  r.stops_at_first = true;

  EXPECT_THAT(r.run().outcome, Succeeds());

  EXPECT_TRUE(r.way.finished());
  EXPECT_THAT(r.asked, testing::SizeIs(testing::Le(9u)));
}

TEST(PingTrace, RefusesAScheduleOutOfRange) {
  for (const auto& wrong : {trace_schedule{.first = 0}, trace_schedule{.first = 9, .last = 8},
                            trace_schedule{.count = 0}, trace_schedule{.ahead = 0},
                            trace_schedule{.silent = 0}, trace_schedule{.timeout = -1ns}}) {
    road r{1, wrong};
    EXPECT_THAT(r.way.advance(), FailsWith(errc::invalid_argument));
  }
}

}  // namespace
}  // namespace portsock::ping
