// SPDX-License-Identifier: MIT
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <tests/tools/ping_trial.hpp>

namespace portsock::tools {
namespace {

using namespace literals;
using namespace std::chrono_literals;
using portsock::tests::FailsWith;
using portsock::tests::Succeeds;
using testing::ElementsAre;
using testing::StartsWith;
using tests::answer;
using tests::scripted_network;
using tests::trial;

TEST(Ping, WaitsForTheLastRepliesAsLongAsTheTimeoutAndNoLonger) {
  trial t{[](auto&, auto) {}, {.count = 2, .timeout = 700ms}};

  t.run();

  EXPECT_EQ(t.network.now() - scripted_network::clock::time_point{1h}, 1s + 700ms);
  EXPECT_EQ(t.numbers.elapsed, 1s) << "waiting for nothing is not part of the run";
}

TEST(Ping, GoesOnWhenSequenceNumbersWrap) {
  trial t{[](auto& network, auto request) {
            // One that comes 65,536 requests late has a sequence number that was used again since
            // then.
            if (request.index == 10) return network.reply(66s, request);
            network.reply(100us, request);
          },
          {.count = 66'010, .interval = 1ms, .timeout = 500ms, .quiet = true}};

  t.run();

  EXPECT_EQ(t.numbers.sent, 66'010u);
  EXPECT_EQ(t.numbers.received, 66'009u);
  EXPECT_EQ(t.numbers.duplicates, 0u);
}

TEST(Ping, KeepsItsPaceWhateverRepliesTake) {
  trial t{[](auto& network, auto request) { network.reply(request.index * 130ms, request); },
          {.count = 4, .interval = 200ms}};

  t.run();

  EXPECT_THAT(t.network.departures, ElementsAre(0ms, 200ms, 400ms, 600ms));
}

TEST(Ping, CatchesUpAfterAShortDelay) {
  trial t{[](auto& network, auto request) {
            if (request.index == 1) network.stand_still(90ms);
          },
          {.count = 5, .interval = 20ms, .timeout = 10ms}};

  t.run();

  EXPECT_THAT(t.network.departures, ElementsAre(0ms, 90ms, 90ms, 90ms, 90ms));
}

TEST(Ping, DoesNotCatchUpInABurstAfterAStandstill) {
  trial t{[](auto& network, auto request) {
            if (request.index == 1) network.stand_still(1h);
          },
          {.count = 3, .interval = 20ms, .timeout = 10ms}};

  t.run();

  EXPECT_THAT(t.network.departures, ElementsAre(0ms, 1h, 1h + 20ms));
}

TEST(Ping, WithoutIntervalFollowsEachReplyAndEachLossAfterABreath) {
  trial t{[](auto& network, auto request) {
            if (request.index != 2) network.reply(1ms, request);
          },
          {.count = 4, .interval = 0ms, .timeout = 100ms}};

  t.run();

  EXPECT_THAT(t.network.departures, ElementsAre(0ms, 1ms, 11ms, 12ms));
}

TEST(Ping, EndsWhenItIsStopped) {
  trial t{answer, {.count = 1000}};
  t.network.stop = &t.stop;
  t.network.stop_after = 2500ms;

  EXPECT_THAT(t.run().outcome, Succeeds());

  EXPECT_EQ(t.numbers.sent, 3u);
  EXPECT_EQ(t.numbers.received, 3u);
}

TEST(Ping, EndsWhenItIsStoppedThoughItNeverWaits) {
  trial t{[](auto& network, auto request) {
            if (request.index == 50) network.stop->cancel();
            network.reply(0ms, request);
          },
          {.count = 1'000'000, .interval = 0ms, .quiet = true}};
  t.network.stop = &t.stop;
  t.network.stop_after = 1h;

  t.run();

  EXPECT_EQ(t.numbers.sent, 50u);
}

TEST(Ping, GoesOnAfterARequestThatCouldNotBeSent) {
  trial t{answer, {.count = 3}};
  t.network.refuse_to_send = errc::network_unreachable;

  EXPECT_THAT(t.run().outcome, Succeeds());

  EXPECT_EQ(t.numbers.sent, 3u);
  EXPECT_EQ(t.numbers.errors, 3u);
  EXPECT_THAT(t.log.str(), StartsWith("sockping: 192.0.2.1: network unreachable"));
}

TEST(Ping, TriesAgainWhenTheSystemHasNoRoom) {
  trial t{answer, {.count = 1000}};
  t.network.refuse_to_send = errc::would_block;
  t.network.stop = &t.stop;
  t.network.stop_after = 25ms;

  t.run();

  EXPECT_THAT(t.network.departures, ElementsAre(0ms, 10ms, 20ms));
  EXPECT_EQ(t.numbers.sent, 0u);
}

TEST(Ping, EndsWhenItCannotReceive) {
  trial t{[](auto&, auto) {}};
  t.network.receiving_fails = errc::network_down;

  EXPECT_THAT(t.run().outcome, FailsWith(errc::network_down));
}

TEST(Ping, EndsWhenNobodyReadsTheReport) {
  trial t{answer, {.count = 1000}};
  t.output.setstate(std::ios::badbit);

  EXPECT_EQ(t.run().numbers.sent, 0u);
}

}  // namespace
}  // namespace portsock::tools
