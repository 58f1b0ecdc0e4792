// SPDX-License-Identifier: MIT
#include <portsock/icmp_socket.hpp>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <array>
#include <set>
#include <tuple>
#include <vector>

#include <portsock/ping_sockets.hpp>
#include <tests/support/matchers.hpp>
#include <tests/support/on_each_family.hpp>
#include <tests/support/sockets.hpp>

namespace portsock {
namespace {

using namespace std::chrono_literals;
using tests::FailsWith;
using tests::must;
using tests::soon;
using tests::Succeeds;
using way = std::tuple<family, icmp_access>;

/// The ways to ping that this user may go.
std::vector<way> ways_here() {
  std::vector<way> made;
  for (const auto of : tests::families_here())
    for (const auto how : {icmp_access::raw, icmp_access::datagram, icmp_access::system})
      if (icmp_socket::open(of, how)) made.emplace_back(of, how);
  return made;
}

std::string name_of(const testing::TestParamInfo<way>& instance) {
  constexpr std::array names{"raw", "datagram", "system"};
  const auto [of, how] = instance.param;
  return (of == family::v4 ? "v4_" : "v6_") + std::string{names[static_cast<std::size_t>(how)]};
}

class IcmpBatch : public testing::TestWithParam<way> {
 protected:
  family of() const { return std::get<0>(GetParam()); }
  icmp_socket open() const { return must(icmp_socket::open(of(), std::get<1>(GetParam()))); }
};
GTEST_ALLOW_UNINSTANTIATED_PARAMETERIZED_TEST(IcmpBatch);
INSTANTIATE_TEST_SUITE_P(, IcmpBatch, testing::ValuesIn(ways_here()), name_of);

TEST_P(IcmpBatch, HasNothingWhenNothingHasArrived) {
  auto socket = open();
  icmp_room room{56};
  const auto got = must(socket.receive_some(room));
  for (const auto& event : got.events) EXPECT_FALSE(event.from == any(of())) << "somebody else's";
  EXPECT_TRUE(got.departures.empty());
}

TEST_P(IcmpBatch, RefusesAnAddressOfTheOtherFamily) {
  auto socket = open();
  icmp_room room{56};
  std::array<icmp_outgoing, 1> one{};
  one[0].peer = loopback(of() == family::v4 ? family::v6 : family::v4);
  EXPECT_THAT(socket.send_some(one, room), FailsWith(errc::invalid_argument));
}

/// Keeps what an engine told.
struct notes : ping::listener {
  void happened(const ping::event& what) override {
    if (what.kind == ping::event::what::sent) return;
    kinds.push_back(what.kind);
    numbers.insert(what.number);
    longest = (std::max)(longest, what.round_trip);
  }
  std::vector<ping::event::what> kinds;
  std::set<std::uint64_t> numbers;
  ping::duration longest{};
};

ping::sockets network_of(icmp_socket socket, std::size_t size) {
  if (socket.address_family() == family::v4)
    return must(ping::sockets::of(std::move(socket), std::nullopt, size));
  return must(ping::sockets::of(std::nullopt, std::move(socket), size));
}

void run(ping::engine& pings, ping::sockets& network) {
  const auto until = soon();
  while (!pings.finished() && !until.has_passed()) {
    ASSERT_THAT(pings.advance(), Succeeds());
    if (pings.finished()) break;
    ASSERT_THAT(network.wait(until.sooner(pings.next())), Succeeds());
  }
  EXPECT_TRUE(pings.finished());
}

TEST_P(IcmpBatch, BringsEachAnswerOnce) {
  for (const std::size_t size : {std::size_t{12}, std::size_t{56}, std::size_t{4000}}) {
    auto network = network_of(open(), size);
    notes told;
    ping::engine pings{network, told, {.size = size}};
    // What others ask of this host at the same time fills a raw socket too, so a reply may be lost.
    must(pings.add(loopback(of()), {.count = 40, .interval = 0ns, .timeout = 1s, .retries = 4}));

    const auto began = ping::clock::now();
    run(pings, network);

    EXPECT_THAT(told.kinds,
                testing::AllOf(testing::SizeIs(40), testing::Each(ping::event::what::reply)));
    EXPECT_EQ(told.numbers.size(), 40u);
    EXPECT_LE(told.longest, ping::clock::now() - began) << "the clocks agree";
  }
}

TEST_P(IcmpBatch, BringsAnswersOneByOne) {
  auto network = network_of(open(), 56);
  notes told;
  ping::engine pings{network, told, {}};
  must(pings.add(loopback(of()), {.count = 5, .interval = 1ms, .timeout = 20s}));

  run(pings, network);

  EXPECT_THAT(told.kinds,
              testing::AllOf(testing::SizeIs(5), testing::Each(ping::event::what::reply)));
}

}  // namespace
}  // namespace portsock
