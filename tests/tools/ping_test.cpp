// SPDX-License-Identifier: MIT
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <tests/tools/ping_trial.hpp>

namespace portsock::tools {
namespace {

using namespace literals;
using namespace std::chrono_literals;
using portsock::tests::Succeeds;
using testing::HasSubstr;
using testing::StartsWith;
using tests::answer;
using tests::seen_request;
using tests::trial;

TEST(Ping, ReportsEachReply) {
  trial t{answer, {.count = 2}};

  EXPECT_THAT(t.run().outcome, Succeeds());

  EXPECT_EQ(t.output.str(),
            "64 bytes from 192.0.2.1: icmp_seq=1 ttl=64 time=5.00 ms\n"
            "64 bytes from 192.0.2.1: icmp_seq=2 ttl=64 time=5.00 ms\n");
  EXPECT_EQ(t.log.str(), "");
  EXPECT_EQ(t.numbers.sent, 2u);
  EXPECT_EQ(t.numbers.received, 2u);
  EXPECT_DOUBLE_EQ(t.numbers.round_trip.mean(), 5);
}

TEST(Ping, EndsWithTheLastReply) {
  EXPECT_EQ(trial(answer, {.count = 4}).run().numbers.elapsed, 3s + 5ms);
}

TEST(Ping, SaysNothingOfSingleRepliesWhenQuiet) {
  EXPECT_EQ(trial(answer, {.count = 2, .quiet = true}).run().output.str(), "");
}

TEST(Ping, CountsWhatIsLost) {
  trial t{[](auto& network, auto request) {
            if (request.index % 3 != 0) network.reply(5ms, request);
          },
          {.count = 6}};

  t.run();

  EXPECT_EQ(t.numbers.sent, 6u);
  EXPECT_EQ(t.numbers.received, 4u);
}

TEST(Ping, MarksDuplicatesAndDoesNotCountThemAsReceived) {
  trial t{[](auto& network, auto request) {
            network.reply(5ms, request);
            if (request.index == 1) network.reply(6ms, request);
          },
          {.count = 2}};

  t.run();

  EXPECT_THAT(t.output.str(), HasSubstr("icmp_seq=1 ttl=64 time=6.00 ms (DUP!)\n"));
  EXPECT_EQ(t.numbers.received, 2u);
  EXPECT_EQ(t.numbers.duplicates, 1u);
  EXPECT_DOUBLE_EQ(t.numbers.round_trip.largest(), 5);
}

TEST(Ping, TakesRepliesInAnyOrder) {
  trial t{[](auto& network, auto request) {
            network.reply(request.index == 1 ? 2500ms : 5ms, request);
          },
          {.count = 3}};

  t.run();

  EXPECT_EQ(t.output.str(),
            "64 bytes from 192.0.2.1: icmp_seq=2 ttl=64 time=5.00 ms\n"
            "64 bytes from 192.0.2.1: icmp_seq=3 ttl=64 time=5.00 ms\n"
            "64 bytes from 192.0.2.1: icmp_seq=1 ttl=64 time=2500 ms\n");
  EXPECT_EQ(t.numbers.received, 3u);
}

TEST(Ping, CountsALateReplyAsLostAndMentionsIt) {
  trial t{[](auto& network, auto request) {
            network.reply(request.index == 1 ? 1500ms : 5ms, request);
          },
          {.count = 3, .timeout = 1000ms}};

  t.run();

  EXPECT_THAT(t.output.str(), HasSubstr("icmp_seq=1 ttl=64 time=1500 ms (late)\n"));
  EXPECT_EQ(t.numbers.received, 2u);
  EXPECT_EQ(t.numbers.late, 1u);
  EXPECT_DOUBLE_EQ(t.numbers.round_trip.largest(), 5);
}

TEST(Ping, FindsDamageInThePayload) {
  trial t{[](auto& network, auto request) {
    request.payload[20] ^= std::byte{1};
    network.reply(5ms, request);
  }};

  t.run();

  EXPECT_EQ(t.output.str(),
            "64 bytes from 192.0.2.1: icmp_seq=1 ttl=64 time=5.00 ms (wrong data at byte 20)\n");
  EXPECT_EQ(t.numbers.corrupted, 1u);
  EXPECT_EQ(t.numbers.received, 0u);
}

TEST(Ping, FindsDamageBehindThePayload) {
  trial t{[](auto& network, auto request) {
    request.payload.push_back({});
    network.reply(5ms, request);
  }};

  EXPECT_THAT(t.run().output.str(), HasSubstr("(wrong data at byte 56)"));
}

TEST(Ping, TakesAReplyThatWasCutShort) {
  trial t{[](auto& network, auto request) {
    request.payload.resize(30);
    network.reply(5ms, request);
  }};

  t.run();

  EXPECT_EQ(t.output.str(),
            "38 bytes from 192.0.2.1: icmp_seq=1 ttl=64 time=5.00 ms (truncated)\n");
  EXPECT_EQ(t.numbers.received, 1u);
}

struct forgery {
  const char* name;
  void (*change)(seen_request&);
};

class PingWithSomebodyElses : public testing::TestWithParam<forgery> {};

TEST_P(PingWithSomebodyElses, IsNotAnswered) {
  trial t{[](auto& network, auto request) {
            GetParam().change(request);
            network.reply(5ms, request);
          },
          {.timeout = 100ms}};

  t.run();

  EXPECT_EQ(t.output.str(), "");
  EXPECT_EQ(t.numbers.received, 0u);
}

TEST_P(PingWithSomebodyElses, IsNotRefused) {
  trial t{[](auto& network, auto request) {
            GetParam().change(request);
            if (request.payload.empty()) request.sequence = 9;  // errors need not quote the payload
            network.quote(5ms, icmp::unreachable{.code = 1}, request);
          },
          {.timeout = 100ms}};

  t.run();

  EXPECT_EQ(t.output.str(), "");
  EXPECT_EQ(t.numbers.errors, 0u);
}

INSTANTIATE_TEST_SUITE_P(
    , PingWithSomebodyElses,
    testing::Values(forgery{"identifier", [](seen_request& r) { ++r.identifier; }},
                    forgery{"sequence", [](seen_request& r) { ++r.sequence; }},
                    forgery{"cookie", [](seen_request& r) { r.payload[7] ^= std::byte{1}; }},
                    forgery{"lap", [](seen_request& r) { r.payload[9] ^= std::byte{1}; }},
                    forgery{"emptiness", [](seen_request& r) { r.payload.clear(); }}),
    [](const auto& instance) { return std::string{instance.param.name}; });

TEST(Ping, IsNotAnsweredByItsOwnRequest) {
  trial t{[](auto& network, auto request) {
    network.echo_of_itself(0ms, request);
    network.reply(5ms, request);
  }};

  t.run();

  EXPECT_EQ(t.output.str(), "64 bytes from 192.0.2.1: icmp_seq=1 ttl=64 time=5.00 ms\n");
  EXPECT_EQ(t.numbers.received, 1u);
}

TEST(Ping, GoesByTheIdentifierThatTheSystemPutIn) {
  trial t{answer};
  t.network.own_identifier = 0x4321;

  EXPECT_EQ(t.run().numbers.received, 1u);
}

TEST(Ping, GoesWithoutAnIdentifierThatNobodyKnows) {
  trial t{answer};
  t.network.own_identifier = 0x4321;
  t.network.tells_identifier = false;

  EXPECT_EQ(t.run().numbers.received, 1u);
}

TEST(Ping, IsAnsweredByOthersThanItsPeer) {
  trial t{[](auto& network, auto request) {
    network.from("192.0.2.7"_ip);
    network.reply(5ms, request);
  }};

  EXPECT_THAT(t.run().output.str(), StartsWith("64 bytes from 192.0.2.7: icmp_seq=1"));
}

class PingOfSize : public testing::TestWithParam<std::size_t> {};

TEST_P(PingOfSize, IsAnsweredAndItsDamageFound) {
  trial t{[](auto& network, auto request) {
            EXPECT_EQ(request.payload.size(), GetParam());
            if (request.index == 2 && !request.payload.empty())
              request.payload.back() ^= std::byte{1};
            network.reply(5ms, request);
          },
          {.count = 3, .timeout = 100ms, .size = GetParam()}};

  t.run();

  EXPECT_EQ(t.numbers.received, GetParam() == 0 ? 3u : 2u);
  EXPECT_EQ(t.numbers.duplicates, 0u);
}

INSTANTIATE_TEST_SUITE_P(, PingOfSize, testing::Values(0u, 1u, 7u, 8u, 9u, 12u, 13u, 1472u, 65507u),
                         testing::PrintToStringParamName());

}  // namespace
}  // namespace portsock::tools
