// SPDX-License-Identifier: MIT
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <tests/support/matchers.hpp>
#include <tests/unit/ping_world.hpp>

namespace portsock::ping {
namespace {

using namespace literals;
using namespace std::chrono_literals;
using portsock::tests::FailsWith;
using portsock::tests::Succeeds;
using testing::Each;
using testing::ElementsAre;
using testing::SizeIs;
using tests::answer;
using tests::seen_request;
using tests::world;
using what = event::what;

constexpr auto peer = "192.0.2.1"_ip;

TEST(PingEngine, TellsOfEachReplyAndHowLongItTook) {
  world w{answer};

  EXPECT_THAT(w.ping(peer, {.count = 2}).run().outcome, Succeeds());

  ASSERT_THAT(w.events, SizeIs(2));
  EXPECT_EQ(w.events[1].kind, what::reply);
  EXPECT_EQ(w.events[1].number, 2u);
  EXPECT_EQ(w.events[1].from, peer);
  EXPECT_EQ(w.events[1].size, 64u);
  EXPECT_EQ(w.events[1].hop_limit, 64);
  EXPECT_EQ(w.events[1].round_trip, 5ms);
  EXPECT_EQ(w.network.since_start(), 1s + 5ms) << "it ends with the last reply";
}

TEST(PingEngine, NeverTellsATimeThatIsShorterThanItCanTell) {
  world w{[](auto& network, auto request) { network.reply(request.index * 1us, request); }};
  w.network.unsure = 2us;
  for (const auto host : "10.0.0.0/29"_prefix.hosts()) w.ping(host, {});

  w.run();

  std::vector<duration> told;
  for (const auto& e : w.events) told.push_back(e.round_trip);
  EXPECT_THAT(told, ElementsAre(2us, 2us, 3us, 4us, 5us, 6us));
}

TEST(PingEngine, AsksManyHostsTheirRounds) {
  world w{answer};
  for (const auto host : "10.1.0.0/20"_prefix.hosts()) w.ping(host, {.count = 3});

  w.run();

  EXPECT_EQ(w.count[what::sent], 3u * 4094);
  EXPECT_EQ(w.count[what::reply], 3u * 4094);
  EXPECT_EQ(w.count[what::lost], 0u);
}

TEST(PingEngine, HasNoLimitWhereSequenceNumbersEnd) {
  world w{[](auto& network, auto request) { network.reply(50us, request); }};
  for (const auto host : "10.0.0.0/15"_prefix.hosts()) w.ping(host, {});

  w.run();

  EXPECT_EQ(w.count[what::reply], 131'070u);
  EXPECT_THAT(w.events, Each(testing::Field(&event::round_trip, 50us)));
}

TEST(PingEngine, GivesUpAfterTheTimeoutAndNoLater) {
  world w{[](auto&, auto) {}};

  w.ping(peer, {.count = 2, .timeout = 700ms}).run();

  EXPECT_EQ(w.count[what::lost], 2u);
  EXPECT_EQ(w.network.since_start(), 1s + 700ms);
}

TEST(PingEngine, TriesAgainAndWaitsLongerEachTime) {
  world w{[](auto&, auto) {}};

  w.ping(peer, {.timeout = 100ms, .retries = 2, .backoff = 2}).run();

  EXPECT_THAT(w.network.left, ElementsAre(0ms, 100ms, 300ms));
  EXPECT_EQ(w.network.since_start(), 700ms);
  EXPECT_EQ(w.count[what::lost], 1u);
  EXPECT_EQ(w.events.back().attempt, 2u);
}

TEST(PingEngine, IsAnsweredByTheReplyToAnyOfItsTries) {
  world w{[](auto& network, auto request) {
    if (request.index == 1) network.reply(150ms, request);
    if (request.index == 2) network.reply(120ms, request);
  }};

  w.ping(peer, {.timeout = 100ms, .retries = 1}).run();

  ASSERT_THAT(w.events, SizeIs(1));
  EXPECT_EQ(w.events[0].kind, what::reply);
  EXPECT_EQ(w.events[0].attempt, 0u);
  EXPECT_EQ(w.events[0].round_trip, 150ms);
}

TEST(PingEngine, TriesAgainThoughARouterRefused) {
  world w{[](auto& network, auto request) {
    if (request.index == 1) return network.quote(1ms, icmp::unreachable{.code = 1}, request);
    network.reply(1ms, request);
  }};

  w.ping(peer, {.timeout = 100ms, .retries = 1}).run();

  EXPECT_EQ(w.count[what::refused], 1u);
  EXPECT_EQ(w.count[what::reply], 1u);
}

TEST(PingEngine, BeginsTheNextRoundAfterTheTriesOfTheLast) {
  world w{[](auto& network, auto request) {
    if (request.index > 2) network.reply(1ms, request);
  }};

  w.ping(peer, {.count = 3, .interval = 50ms, .timeout = 100ms, .retries = 1, .backoff = 1}).run();

  EXPECT_THAT(w.network.left, ElementsAre(0ms, 100ms, 200ms, 250ms));
  EXPECT_EQ(w.count[what::lost], 1u);
  EXPECT_EQ(w.count[what::reply], 2u);
}

TEST(PingEngine, EndsEachRoundOnce) {
  for (const unsigned retries : {0u, 1u}) {
    world w{[](auto& network, auto request) {
      const auto way = request.index % 5;
      if (way == 0) return;
      if (way == 1) network.quote(1ms, icmp::unreachable{.code = 1}, request);
      if (way == 2) network.quote(1ms, icmp::redirect{.code = 1}, request);
      network.reply(way == 3 ? 150ms : 5ms, request);
      network.reply(way == 3 ? 160ms : 6ms, request);
    }};
    std::map<std::uint64_t, std::size_t> ends;
    w.on_event = [&](const event& e) { ends[e.number] += e.ends_round ? 1 : 0; };

    w.ping(peer, {.count = 25, .interval = 50ms, .timeout = 100ms, .retries = retries}).run();

    EXPECT_THAT(ends, SizeIs(25));
    for (const auto& [number, times] : ends) EXPECT_EQ(times, 1u) << number << ' ' << retries;
  }
}

TEST(PingEngine, MarksWhatComesTwice) {
  world w{[](auto& network, auto request) {
    network.reply(5ms, request);
    network.reply(6ms, request);
  }};

  w.ping(peer, {.count = 2}).run();

  EXPECT_EQ(w.count[what::reply], 2u);
  EXPECT_EQ(w.count[what::duplicate], 1u) << "the last one comes after the end";
}

TEST(PingEngine, MarksWhatComesLate) {
  world w{[](auto& network, auto request) {
    network.reply(request.index == 1 ? 1500ms : 5ms, request);
  }};

  w.ping(peer, {.count = 3, .timeout = 1000ms}).run();

  EXPECT_EQ(w.count[what::lost], 1u);
  EXPECT_EQ(w.count[what::late], 1u);
  EXPECT_EQ(w.count[what::reply], 2u);
}

TEST(PingEngine, JudgesByTheTimeOfArrivalAndNotOfLooking) {
  world w{[](auto& network, auto request) {
    network.reply(900ms, request);
    network.stand_still(2s);
  }};

  w.ping(peer, {}).run();

  EXPECT_EQ(w.count[what::reply], 1u);
}

TEST(PingEngine, FindsDamageInThePayloadAndBehindIt) {
  world w{[](auto& network, auto request) {
    if (request.index == 1) request.payload[20] ^= std::byte{1};
    if (request.index == 2) request.payload.push_back({});
    if (request.index == 3) request.payload[11] ^= std::byte{1};
    network.reply(5ms, request);
  }};

  w.ping(peer, {.count = 3}).run();

  ASSERT_EQ(w.count[what::corrupted], 3u);
  std::vector<std::size_t> places;
  for (const auto& e : w.events)
    if (e.kind == what::corrupted) places.push_back(e.wrong_byte);
  EXPECT_THAT(places, ElementsAre(20u, 56u, 11u));
  EXPECT_EQ(w.count[what::lost], 3u);
}

TEST(PingEngine, FillsThePayloadWithThePattern) {
  world w{[](auto& network, auto request) {
            EXPECT_EQ(request.payload[12], std::byte{0xab});
            EXPECT_EQ(request.payload[13], std::byte{0xcd});
            EXPECT_EQ(request.payload[14], std::byte{0xab});
            network.reply(5ms, request);
          },
          {.size = 20, .pattern = {std::byte{0xab}, std::byte{0xcd}}}};

  EXPECT_EQ(w.ping(peer, {}).run().count[what::reply], 1u);
}

TEST(PingEngine, TakesAReplyThatWasCutShort) {
  world w{[](auto& network, auto request) {
    request.payload.resize(30);
    network.reply(5ms, request);
  }};

  w.ping(peer, {}).run();

  ASSERT_EQ(w.count[what::reply], 1u);
  EXPECT_TRUE(w.events[0].truncated);
}

struct forgery {
  const char* name;
  void (*change)(seen_request&);
};

class PingEngineWithSomebodyElses : public testing::TestWithParam<forgery> {};

TEST_P(PingEngineWithSomebodyElses, IsNotAnswered) {
  world w{[](auto& network, auto request) {
    GetParam().change(request);
    network.reply(5ms, request);
  }};

  w.ping(peer, {}).run();

  EXPECT_THAT(w.events, ElementsAre(testing::Field(&event::kind, what::lost)));
}

TEST_P(PingEngineWithSomebodyElses, IsNotRefused) {
  world w{[](auto& network, auto request) {
    GetParam().change(request);
    if (request.payload.empty()) request.sequence = 9;  // errors need not quote the payload
    network.quote(5ms, icmp::unreachable{.code = 1}, request);
  }};

  w.ping(peer, {}).run();

  EXPECT_EQ(w.count[what::refused], 0u);
}

INSTANTIATE_TEST_SUITE_P(
    , PingEngineWithSomebodyElses,
    testing::Values(forgery{"identifier", [](seen_request& r) { ++r.identifier; }},
                    forgery{"sequence", [](seen_request& r) { ++r.sequence; }},
                    forgery{"cookie", [](seen_request& r) { r.payload[7] ^= std::byte{1}; }},
                    forgery{"lap", [](seen_request& r) { r.payload[9] ^= std::byte{1}; }},
                    forgery{"emptiness", [](seen_request& r) { r.payload.clear(); }}),
    [](const auto& instance) { return std::string{instance.param.name}; });

TEST(PingEngine, KnowsARequestByTheLittleThatAnErrorQuotes) {
  world w{[](auto& network, auto request) {
    request.payload.clear();
    network.quote(5ms, icmp::unreachable{.code = 1}, request);
  }};

  w.ping(peer, {}).run();

  EXPECT_EQ(w.count[what::refused], 1u);
  EXPECT_EQ(w.count[what::lost], 0u);
  EXPECT_EQ(w.network.since_start(), 5ms) << "no reply was waited for";
}

TEST(PingEngine, IgnoresErrorsAboutPacketsToOthers) {
  world w{[](auto& network, auto request) {
    network.quoted_destination = "192.0.2.7"_ip;
    network.quote(5ms, icmp::unreachable{.code = 1}, request);
  }};

  EXPECT_EQ(w.ping(peer, {}).run().count[what::refused], 0u);
}

TEST(PingEngine, IsNotRefusedByARedirect) {
  world w{[](auto& network, auto request) {
    network.quote(1ms, icmp::redirect{.code = 1, .gateway = "10.0.0.2"_ip}, request);
    network.reply(5ms, request);
  }};

  w.ping(peer, {}).run();

  EXPECT_EQ(w.count[what::notice], 1u);
  EXPECT_EQ(w.count[what::reply], 1u);
}

TEST(PingEngine, CanBeAnsweredAfterItWasRefused) {
  world w{[](auto& network, auto request) {
    if (request.index == 1) network.quote(5ms, icmp::unreachable{.code = 1}, request);
    network.reply(6ms, request);
  }};

  w.ping(peer, {.count = 2}).run();

  EXPECT_EQ(w.count[what::refused], 1u);
  EXPECT_EQ(w.count[what::reply], 2u);
}

TEST(PingEngine, IsNotAnsweredByItsOwnRequest) {
  world w{[](auto& network, auto request) { network.echo_of_itself(0ms, request); }};

  EXPECT_EQ(w.ping(peer, {}).run().count[what::reply], 0u);
}

TEST(PingEngine, GoesByTheIdentifierThatTheSystemPutIn) {
  for (const bool told : {true, false}) {
    world w{answer};
    w.network.own_identifier = 0x4321;
    w.network.tells_identifier = told;

    EXPECT_EQ(w.ping(peer, {}).run().count[what::reply], 1u);
  }
}

TEST(PingEngine, IsAnsweredByOthersThanItsPeer) {
  world w{[](auto& network, auto request) {
    network.from = "192.0.2.7"_ip;
    network.reply(5ms, request);
  }};

  w.ping(peer, {}).run();

  ASSERT_EQ(w.count[what::reply], 1u);
  EXPECT_EQ(w.events[0].from, "192.0.2.7"_ip);
}

TEST(PingEngine, GoesByTheTimeOfDepartureThatTheSystemTells) {
  world w{[](auto& network, auto request) {
    network.depart(2ms, request);
    network.reply(5ms, request);
  }};

  w.ping(peer, {}).run();

  EXPECT_EQ(w.events[0].round_trip, 3ms);
  EXPECT_TRUE(w.events[0].stamped);
}

class PingEngineOfSize : public testing::TestWithParam<std::size_t> {};

TEST_P(PingEngineOfSize, IsAnsweredAndItsDamageFound) {
  world w{[](auto& network, auto request) {
            EXPECT_EQ(request.payload.size(), GetParam());
            if (request.index == 2 && !request.payload.empty())
              request.payload.back() ^= std::byte{1};
            network.reply(5ms, request);
          },
          {.size = GetParam()}};

  w.ping(peer, {.count = 3}).run();

  EXPECT_EQ(w.count[what::reply], GetParam() == 0 ? 3u : 2u);
  EXPECT_EQ(w.count[what::duplicate], 0u);
}

INSTANTIATE_TEST_SUITE_P(, PingEngineOfSize,
                         testing::Values(0u, 1u, 7u, 8u, 9u, 12u, 13u, 1472u, 65507u),
                         testing::PrintToStringParamName());

TEST(PingEngine, EndsWhenItCannotReceive) {
  world w{[](auto&, auto) {}};
  w.network.receiving_fails = errc::network_down;

  EXPECT_THAT(w.ping(peer, {}).run().outcome, FailsWith(errc::network_down));
}

TEST(PingEngine, RefusesSchedulesOutOfRange) {
  world w{answer};
  for (const schedule& wrong : {schedule{.interval = -1ns}, schedule{.timeout = -1ns},
                                schedule{.retries = 17}, schedule{.backoff = 0.5}})
    EXPECT_THAT(w.pings.add(peer, wrong), FailsWith(errc::invalid_argument));
}

}  // namespace
}  // namespace portsock::ping
