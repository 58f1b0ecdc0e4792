// SPDX-License-Identifier: MIT
#include <gtest/gtest.h>
#include <core/src/ping_hosts.hpp>

#include <vector>

namespace portsock::ping {
namespace {

using namespace literals;

void come_back(const std::vector<ip_address>& all) {
  addresses kept;
  for (const auto& one : all) kept.add(one);
  for (std::uint32_t id = 0; id != all.size(); ++id) EXPECT_EQ(kept[id], all[id]) << id;
}

TEST(PingAddresses, ComeBackInTheirOrder) {
  come_back({"10.0.0.1"_ip, "10.0.0.3"_ip, "10.0.0.2"_ip, "10.0.0.2"_ip, "2001:db8::1"_ip,
             "10.0.0.3"_ip, "10.0.0.4"_ip});
}

TEST(PingAddresses, FollowEachOtherAcrossBytes) {
  come_back({"10.0.255.254"_ip, "10.0.255.255"_ip, "10.1.0.0"_ip, "10.1.0.1"_ip});
  come_back({"2001:db8::ffff:ffff"_ip, "2001:db8::1:0:0"_ip, "2001:db8::1:0:1"_ip});
}

TEST(PingAddresses, KeepTheirScopes) {
  come_back({"fe80::1%2"_ip, "fe80::2%2"_ip, "fe80::3%3"_ip, "fe80::4"_ip});
}

TEST(PingAddresses, GoOnBehindTheLastOne) {
  come_back({"255.255.255.254"_ip, "255.255.255.255"_ip, "0.0.0.0"_ip, "10.0.0.1"_ip});
}

TEST(PingAddresses, AreAsManyAsANetworkHas) {
  addresses kept;
  for (int second = 0; second != 256; ++second)
    for (int last = 0; last != 256; ++last)
      kept.add(ipv4_address{
          {10, 7, static_cast<std::uint8_t>(second), static_cast<std::uint8_t>(last)}});
  EXPECT_EQ(kept[0], "10.7.0.0"_ip);
  EXPECT_EQ(kept[65'535], "10.7.255.255"_ip);
}

}  // namespace
}  // namespace portsock::ping
