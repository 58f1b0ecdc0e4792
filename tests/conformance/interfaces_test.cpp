// SPDX-License-Identifier: MIT
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <set>

#include <portsock/interfaces.hpp>
#include <tests/support/matchers.hpp>
#include <tests/support/on_each_family.hpp>

namespace portsock::tests {
namespace {

class Interfaces : public testing::Test {
 protected:
  const network_interface* owner_of(const ip_address& address) const {
    for (const auto& each : all)
      for (const auto& own : each.addresses)
        if (own.address == address) return &each;
    return nullptr;
  }

  std::vector<network_interface> all = must(interfaces());
};

TEST_F(Interfaces, IncludeLoopback) {
  const auto* lo = owner_of(ipv4_address::loopback());

  ASSERT_NE(lo, nullptr);
  EXPECT_TRUE(lo->loopback);
  EXPECT_TRUE(lo->up);
  EXPECT_FALSE(lo->point_to_point);
}

TEST_F(Interfaces, TellTheLengthsOfPrefixes) {
  for (const auto& own : owner_of(ipv4_address::loopback())->addresses) {
    if (is_loopback(own.address)) {
      EXPECT_EQ(own.prefix_length, family_of(own.address) == family::v4 ? 8 : 128);
    }
  }
  for (const auto& each : all)
    for (const auto& own : each.addresses)
      EXPECT_LE(own.prefix_length, family_of(own.address) == family::v4 ? 32 : 128) << each.name;
}

TEST_F(Interfaces, HaveTheIPv6LoopbackWhereThereIsIPv6) {
  EXPECT_EQ(owner_of(ipv6_address::loopback()) != nullptr, families_here().size() == 2);
}

TEST_F(Interfaces, ComeByIndexAndEachOnce) {
  EXPECT_TRUE(std::is_sorted(all.begin(), all.end(),
                             [](const auto& a, const auto& b) { return a.index < b.index; }));
  std::set<std::uint32_t> indices;
  for (const auto& each : all) {
    EXPECT_NE(each.index, 0u);
    EXPECT_TRUE(indices.insert(each.index).second) << each.name;
  }
}

TEST_F(Interfaces, AreFoundByEitherName) {
  for (const auto& each : all) {
    EXPECT_FALSE(each.name.empty());
    EXPECT_FALSE(each.friendly_name.empty());
    EXPECT_EQ(must(interface_index(each.name)), each.index) << each.name;
    EXPECT_EQ(must(interface_index(each.friendly_name)), each.index) << each.friendly_name;
  }
}

TEST_F(Interfaces, ThatDoNotExistAreNotFound) {
  EXPECT_THAT(interface_index("no such interface"), FailsWith(errc::address_not_available));
  EXPECT_THAT(interface_index(""), FailsWith(errc::address_not_available));
}

TEST_F(Interfaces, OfLinkLocalAddressesAreInTheirScope) {
  for (const auto& each : all)
    for (const auto& own : each.addresses)
      if (const auto* v6 = std::get_if<ipv6_address>(&own.address)) {
        EXPECT_EQ(v6->scope, is_link_local(own.address) ? each.index : 0) << to_string(own.address);
      }
}

TEST_F(Interfaces, TellThatTheyTakePackets) {
  for (const auto& each : all)
    if (each.up && !each.loopback && each.mtu != 0) {
      EXPECT_GE(each.mtu, 68u) << "RFC 791 asks for it of every link";
    }
}

}  // namespace
}  // namespace portsock::tests
