// SPDX-License-Identifier: MIT
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <tests/support/matchers.hpp>
#include <tests/unit/ping_world.hpp>

namespace portsock::ping {
namespace {

using namespace literals;
using namespace std::chrono_literals;
using portsock::tests::Succeeds;
using testing::ElementsAre;
using testing::SizeIs;
using tests::answer;
using tests::world;
using what = event::what;

constexpr auto peer = "192.0.2.1"_ip;

TEST(PingPace, IsKeptWhateverRepliesTake) {
  world w{[](auto& network, auto request) { network.reply(request.index * 130ms, request); }};

  w.ping(peer, {.count = 4, .interval = 200ms}).run();

  EXPECT_THAT(w.network.left, ElementsAre(0ms, 200ms, 400ms, 600ms));
}

TEST(PingPace, CatchesUpAfterAShortDelay) {
  world w{[](auto& network, auto request) {
    if (request.index == 1) network.stand_still(90ms);
  }};

  w.ping(peer, {.count = 5, .interval = 20ms, .timeout = 10ms}).run();

  EXPECT_THAT(w.network.left, ElementsAre(0ms, 90ms, 90ms, 90ms, 90ms));
}

TEST(PingPace, DoesNotCatchUpInABurstAfterAStandstill) {
  world w{[](auto& network, auto request) {
    if (request.index == 1) network.stand_still(1h);
  }};

  w.ping(peer, {.count = 3, .interval = 20ms, .timeout = 10ms}).run();

  EXPECT_THAT(w.network.left, ElementsAre(0ms, 1h, 1h + 20ms));
}

TEST(PingPace, WithoutIntervalFollowsEachReplyAndEachLossAfterABreath) {
  world w{[](auto& network, auto request) {
    if (request.index != 2) network.reply(1ms, request);
  }};

  w.ping(peer, {.count = 4, .interval = 0ms, .timeout = 100ms, .together = 1}).run();

  EXPECT_THAT(w.network.left, ElementsAre(0ms, 1ms, 11ms, 12ms));
}

TEST(PingPace, BeginsWithThePreloadAtOnce) {
  world w{answer};

  w.ping(peer, {.count = 5, .interval = 1s, .preload = 3}).run();

  EXPECT_THAT(w.network.left, ElementsAre(0ms, 0ms, 0ms, 1s, 2s));
}

TEST(PingPace, WaitsForAReplyWhenNoMoreMayBeOpen) {
  world w{[](auto& network, auto request) { network.reply(250ms, request); }};

  w.ping(peer, {.count = 3, .interval = 100ms, .together = 1}).run();

  EXPECT_THAT(w.network.left, ElementsAre(0ms, 250ms, 500ms));
}

TEST(PingPace, HasALimitForAllHostsTogether) {
  world w{answer, {.packets_per_second = 100}};
  for (const auto host : "10.0.0.0/29"_prefix.hosts()) w.ping(host, {});

  w.run();

  EXPECT_THAT(w.network.left, ElementsAre(0ms, 10ms, 20ms, 30ms, 40ms, 50ms));
}

TEST(PingPace, KeepsNoMoreInFlightThanTheWindow) {
  std::size_t in_flight = 0;
  std::size_t most = 0;
  world w{[&](auto& network, auto request) {
            most = (std::max)(most, ++in_flight);
            network.reply(1ms, request);
          },
          {.window = 50}};
  w.on_event = [&](const event& e) { in_flight -= e.kind == what::reply ? 1 : 0; };
  for (const auto host : "10.0.0.0/22"_prefix.hosts()) w.ping(host, {});

  w.run();

  EXPECT_EQ(w.count[what::reply], 1022u);
  EXPECT_LE(most, 50u);
  EXPECT_GE(most, 40u);
}

TEST(PingPace, LooksOnceForTheRepliesOfANearBatch) {
  world w{[](auto& network, auto request) { network.reply(0ms, request); }};
  for (const auto host : "10.0.0.0/24"_prefix.hosts()) w.ping(host, {});

  w.run();

  EXPECT_EQ(w.count[what::reply], 254u);
  EXPECT_LE(w.network.looks, 254 / icmp_batch_size + 3);
}

TEST(PingPace, IsNotHeldUpByHostsThatAreDown) {
  world w{[](auto&, auto) {}};
  for (const auto host : "10.0.0.0/20"_prefix.hosts()) w.ping(host, {.timeout = 500ms});

  w.run();

  EXPECT_EQ(w.count[what::lost], 4094u);
  EXPECT_LE(w.network.since_start(), 1500ms);
}

TEST(PingPace, WaitsForAResponderThatHadToPause) {
  // Some 200 requests find room in its queue, and all others are dropped; it pauses for 60 ms.
  std::size_t queued = 0;
  world w{[&](auto& network, auto request) {
    const auto pause = request.index >= 1000 && network.since_start() < 60ms + 8ms
                           ? 68ms - network.since_start()
                           : duration{100us};
    if (++queued <= 200) network.reply(pause, request);
  }};
  w.on_event = [&](const event& e) { queued -= e.kind == what::reply ? 1 : 0; };
  for (const auto host : "10.0.0.0/20"_prefix.hosts()) w.ping(host, {});

  w.run();

  EXPECT_EQ(w.count[what::reply], 4094u);
}

TEST(PingPace, GoesOnAfterARequestThatCouldNotBeSent) {
  world w{answer};
  w.network.refuse_to_send = errc::network_unreachable;

  EXPECT_THAT(w.ping(peer, {.count = 3}).run().outcome, Succeeds());

  EXPECT_EQ(w.count[what::not_sent], 3u);
  EXPECT_EQ(w.events[0].reason, errc::network_unreachable);
}

TEST(PingPace, TriesAgainWhenTheSystemHasNoRoom) {
  world w{answer};
  w.network.refuse_to_send = errc::would_block;
  w.end = 15ms;

  w.ping(peer, {.count = 1000}).run();

  EXPECT_THAT(w.network.left, ElementsAre(0ms, 10ms, 20ms));
  EXPECT_EQ(w.count[what::sent], 0u);
}

TEST(PingPace, LosesNothingThatTheSystemTookOnlyInPart) {
  world w{answer};
  w.network.most_at_once = 3;
  for (const auto host : "10.0.0.0/26"_prefix.hosts()) w.ping(host, {});

  EXPECT_EQ(w.run().count[what::reply], 62u);
}

TEST(PingPace, ComesBackToItsCallerFromAFloodThatNeverEnds) {
  world w{[](auto& network, auto request) { network.reply(0ms, request); }};
  w.ping(peer, {.count = for_ever, .interval = 0ms});

  ASSERT_THAT(w.pings.advance(), Succeeds());

  EXPECT_FALSE(w.pings.finished());
  EXPECT_GE(w.count[what::sent], 64u);
  EXPECT_LE(w.pings.next(), w.network.now()) << "it wants to go on at once";
}

TEST(PingPace, StopsWhenItIsToldTo) {
  world w{answer};
  w.on_event = [&](const event& e) {
    if (e.number == 3) w.pings.stop(e.host);
  };

  w.ping(peer, {.count = for_ever}).run();

  EXPECT_EQ(w.count[what::reply], 3u);
  EXPECT_TRUE(w.pings.finished());
}

TEST(PingPace, TakesHostsWhileItRuns) {
  world w{answer};
  w.on_event = [&](const event& e) {
    if (w.pings.size() < 3) w.pings.add("192.0.2.2"_ip, {.count = e.number}).value();
  };

  w.ping(peer, {.count = 2}).run();

  EXPECT_EQ(w.pings.size(), 3u);
  EXPECT_EQ(w.count[what::reply], 4u);
}

}  // namespace
}  // namespace portsock::ping
