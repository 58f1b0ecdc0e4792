// SPDX-License-Identifier: MIT
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <tests/tools/ping_trial.hpp>

namespace portsock::tools {
namespace {

using namespace literals;
using namespace std::chrono_literals;
using testing::HasSubstr;
using testing::StartsWith;
using tests::trial;

TEST(Ping, ReportsWhoRefusedARequestAndWhy) {
  trial t{[](auto& network, auto request) {
            network.from("10.0.0.1"_ip);
            if (request.index == 1) network.quote(5ms, icmp::unreachable{.code = 1}, request);
            if (request.index == 2) network.quote(5ms, icmp::time_exceeded{}, request);
            if (request.index == 3)
              network.quote(5ms, icmp::unreachable{.code = 4, .mtu = 1400}, request);
            if (request.index == 4) network.quote(5ms, icmp::parameter_problem{}, request);
          },
          {.count = 4}};

  t.run();

  EXPECT_EQ(t.output.str(),
            "From 10.0.0.1 icmp_seq=1 destination host unreachable\n"
            "From 10.0.0.1 icmp_seq=2 time to live exceeded\n"
            "From 10.0.0.1 icmp_seq=3 fragmentation needed (mtu 1400)\n"
            "From 10.0.0.1 icmp_seq=4 erroneous header field\n");
  EXPECT_EQ(t.numbers.errors, 4u);
  EXPECT_EQ(t.numbers.received, 0u);
  EXPECT_EQ(t.numbers.elapsed, 3s + 5ms) << "no reply was waited for";
}

TEST(Ping, KnowsARequestByTheLittleThatAnErrorQuotes) {
  trial t{[](auto& network, auto request) {
    request.payload.clear();
    network.quote(5ms, icmp::unreachable{.code = 1}, request);
  }};

  EXPECT_EQ(t.run().numbers.errors, 1u);
}

TEST(Ping, IgnoresErrorsAboutPacketsToOthers) {
  trial t{[](auto& network, auto request) {
            network.quoted_destination = "192.0.2.7"_ip;
            network.quote(5ms, icmp::unreachable{.code = 1}, request);
          },
          {.timeout = 100ms}};

  EXPECT_EQ(t.run().numbers.errors, 0u);
}

TEST(Ping, IsNotRefusedByARedirect) {
  trial t{[](auto& network, auto request) {
    network.from("10.0.0.1"_ip);
    network.quote(1ms, icmp::redirect{.code = 1, .gateway = "10.0.0.2"_ip}, request);
    network.from("192.0.2.1"_ip);
    network.reply(5ms, request);
  }};

  t.run();

  EXPECT_THAT(t.output.str(), StartsWith("From 10.0.0.1 icmp_seq=1 redirect"));
  EXPECT_THAT(t.output.str(), HasSubstr(" (via 10.0.0.2)\n64 bytes from 192.0.2.1"));
  EXPECT_EQ(t.numbers.errors, 0u);
  EXPECT_EQ(t.numbers.received, 1u);
}

TEST(Ping, CanBeAnsweredAfterItWasRefused) {
  trial t{[](auto& network, auto request) {
            if (request.index == 1) network.quote(5ms, icmp::unreachable{.code = 1}, request);
            network.reply(6ms, request);
          },
          {.count = 2}};

  t.run();

  EXPECT_EQ(t.numbers.received, 2u);
  EXPECT_EQ(t.numbers.errors, 1u);
}

}  // namespace
}  // namespace portsock::tools
