// SPDX-License-Identifier: MIT
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>

#include <portsock/interfaces.hpp>
#include <portsock/resolver.hpp>
#include <portsock/waker.hpp>
#include <tests/support/on_each_family.hpp>
#include <tests/support/sockets.hpp>

namespace portsock::tests {
namespace {

using testing::AnyOf;
using testing::Contains;
using testing::ElementsAre;
using namespace literals;

/// Either the name service knows that there is no such name, or there is no service to ask.
auto FindsNoHost() {
  return AnyOf(FailsWith(errc::host_not_found), FailsWith(errc::name_service_busy));
}

// ---- text that is an address: nobody is asked

TEST(Resolver, TakesAddressesAsTheyAre) {
  EXPECT_THAT(must(resolve("192.0.2.1", 80, soon())), ElementsAre("192.0.2.1:80"_endpoint));
  EXPECT_THAT(must(resolve("2001:db8::1", 80, soon())), ElementsAre("[2001:db8::1]:80"_endpoint));
  EXPECT_THAT(must(resolve("[2001:db8::1]", 80)), ElementsAre("[2001:db8::1]:80"_endpoint));
  EXPECT_THAT(must(resolve("::", 0)), ElementsAre("[::]:0"_endpoint));
}

TEST(Resolver, NeedsNoTimeForAddresses) {
  EXPECT_THAT(must(resolve("192.0.2.1", 80, deadline::now())),
              ElementsAre("192.0.2.1:80"_endpoint));
  EXPECT_THAT(must(resolve("::1", "443", transport::tcp, deadline::now())),
              ElementsAre("[::1]:443"_endpoint));
}

TEST(Resolver, TakesZonesByIndex) {
  EXPECT_THAT(must(resolve("fe80::1%2", 80)), ElementsAre("[fe80::1%2]:80"_endpoint));
  EXPECT_THAT(must(resolve("[fe80::1%2]", 80)), ElementsAre("[fe80::1%2]:80"_endpoint));
}

TEST(Resolver, TakesZonesByName) {
  for (const auto& each : must(interfaces())) {
    const auto found = resolve("fe80::1%" + each.name, 80);
    ASSERT_THAT(found, Succeeds()) << each.name;
    EXPECT_EQ(std::get<ipv6_address>(found->front().address).scope, each.index);
  }
}

TEST(Resolver, RefusesZonesThatDoNotExist) {
  EXPECT_FALSE(resolve("fe80::1%no_such_zone", 80, soon()));
  EXPECT_THAT(resolve("fe80::1%", 80, soon()), FailsWith(errc::invalid_argument));
}

TEST(Resolver, RefusesWhatLooksLikeAnAddressAndIsNone) {
  for (const auto* text : {"127.1", "0x7f000001", "0x7f.0.0.1", "010.0.0.1", "2130706433",
                           "1.2.3.4.5", "1.2.3", "256.0.0.1", "1.2.3.4.", "[::1", "::1]",
                           "[127.0.0.1]", "::1::", "12345::", ":", "[]", "1.2.3.0x4"})
    EXPECT_THAT(resolve(text, 80, deadline::now()), FailsWith(errc::invalid_argument)) << text;
}

TEST(Resolver, RefusesNamesThatCannotBe) {
  const std::string long_label(64, 'a');
  std::string long_name = "a";
  while (long_name.size() < 260) long_name += ".a";

  for (const std::string& text :
       {std::string{}, std::string{"a..b"}, std::string{".a"}, std::string{"a b"},
        std::string{"a\0b", 3}, long_label, long_name, std::string{"\xff\xfe"}})
    EXPECT_THAT(resolve(text, 80, deadline::now()), FailsWith(errc::invalid_argument)) << text;
}

TEST(Resolver, GivesTheFamilyThatWasAskedFor) {
  EXPECT_THAT(must(resolve("192.0.2.1", 80, soon(), family::v4)),
              ElementsAre("192.0.2.1:80"_endpoint));
  EXPECT_THAT(resolve("192.0.2.1", 80, soon(), family::v6), FailsWith(errc::host_not_found));
  EXPECT_THAT(resolve("::1", 80, soon(), family::v4), FailsWith(errc::host_not_found));
}

// ---- services

TEST(Resolver, TakesPortsAsText) {
  EXPECT_EQ(must(resolve("192.0.2.1", "0", transport::tcp)).front().port, 0);
  EXPECT_EQ(must(resolve("192.0.2.1", "80", transport::udp)).front().port, 80);
  EXPECT_EQ(must(resolve("192.0.2.1", "65535", transport::tcp)).front().port, 65'535);
}

TEST(Resolver, RefusesPortsThatCannotBe) {
  for (const auto* text : {"65536", "70000", "99999999999999999999"})
    EXPECT_THAT(resolve("192.0.2.1", text, transport::tcp, deadline::now()),
                FailsWith(errc::invalid_argument))
        << text;
}

TEST(Resolver, KnowsServices) {
  EXPECT_THAT(must(resolve("192.0.2.1", "http", transport::tcp, soon())),
              ElementsAre("192.0.2.1:80"_endpoint));
  EXPECT_THAT(must(resolve("::1", "domain", transport::udp, soon())),
              ElementsAre("[::1]:53"_endpoint));
}

TEST(Resolver, SaysThatAServiceIsUnknown) {
  EXPECT_THAT(resolve("192.0.2.1", "no-such-service", transport::tcp, soon()),
              FailsWith(errc::service_not_found));
  EXPECT_THAT(resolve("localhost", "no-such-service", transport::tcp, soon()),
              FailsWith(errc::service_not_found));
}

// ---- names

TEST(Resolver, KnowsThisHost) {
  const auto found = must(resolve("localhost", 80, soon()));

  EXPECT_THAT(found, Contains(AnyOf("127.0.0.1:80"_endpoint, "[::1]:80"_endpoint)));
  for (const auto& each : found) EXPECT_TRUE(is_loopback(each.address)) << to_string(each);
}

TEST(Resolver, KnowsThisHostWithoutADeadline) {
  EXPECT_THAT(must(resolve("localhost", 80, deadline::never(), family::v4)),
              Contains("127.0.0.1:80"_endpoint));
}

TEST(Resolver, GivesEachEndpointOnce) {
  auto found = must(resolve("localhost", "http", transport::tcp, soon()));

  std::sort(found.begin(), found.end());
  EXPECT_EQ(std::adjacent_find(found.begin(), found.end()), found.end());
  for (const auto& each : found) EXPECT_EQ(each.port, 80);
}

TEST(Resolver, SaysThatAHostIsNotFound) {
  EXPECT_THAT(resolve("nonexistent.invalid", 80, soon()), FindsNoHost());
}

TEST(Resolver, TakesNamesInUtf8) {
  EXPECT_THAT(resolve("b\xc3\xbc"
                      "cher.invalid",
                      80, soon()),
              FindsNoHost());
}

TEST(Resolver, DoesNotWaitWhenThereIsNoTime) {
  const auto started = deadline::clock::now();
  const auto found = resolve("nonexistent.invalid", 80, deadline::now());

  // What is known at once is told, also when the time is over.
  EXPECT_THAT(found, AnyOf(FailsWith(errc::timed_out), FindsNoHost()));
  EXPECT_LT(deadline::clock::now() - started, 2s);
}

TEST(Resolver, DoesNotWaitWhenItIsCancelled) {
  const auto stop = must(canceller::create());
  stop.cancel();

  const auto started = deadline::clock::now();
  const auto found = resolve("nonexistent.invalid", 80, deadline::never().or_when(stop));

  EXPECT_THAT(found, AnyOf(FailsWith(errc::cancelled), FindsNoHost()));
  EXPECT_LT(deadline::clock::now() - started, 2s);
}

TEST(Resolver, SurvivesTheEndOfAnImpatientCaller) {
  for (int i = 0; i < 20; ++i) {
    const auto found = resolve("localhost", 80, deadline::in(std::chrono::microseconds{i * 20}));
    if (!found) {
      EXPECT_THAT(found, FailsWith(errc::timed_out));
    }
  }
}

TEST(Resolver, ServesManyThreads) {
  std::vector<std::future<bool>> all;
  for (int i = 0; i < 8; ++i)
    all.push_back(in_background([] { return resolve("localhost", 80, soon()).has_value(); }));

  for (auto& each : all) EXPECT_TRUE(each.get());
}

}  // namespace
}  // namespace portsock::tests
