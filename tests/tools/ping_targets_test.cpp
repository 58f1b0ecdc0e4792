// SPDX-License-Identifier: MIT
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <sstream>
#include <string>
#include <vector>

#include <tools/ping/targets.hpp>

namespace portsock::tools {
namespace {

using testing::ElementsAre;

std::vector<std::string> hosts_of(std::string_view text) {
  const auto span = parse_sweep(text);
  if (!span) return {"none"};
  std::vector<std::string> made;
  for_each_host(*span, [&](const ip_address& one) { made.push_back(to_string(one)); });
  return made;
}

TEST(Sweep, OfANetworkLeavesOutWhatIsNoHost) {
  EXPECT_THAT(hosts_of("192.0.2.0/30"), ElementsAre("192.0.2.1", "192.0.2.2"));
  EXPECT_THAT(hosts_of("192.0.2.0/31"), ElementsAre("192.0.2.0", "192.0.2.1"));
  EXPECT_THAT(hosts_of("192.0.2.7/32"), ElementsAre("192.0.2.7"));
  EXPECT_THAT(hosts_of("2001:db8::/127"), ElementsAre("2001:db8::", "2001:db8::1"));
  EXPECT_EQ(hosts_of("10.1.0.0/16").size(), 65'534u);
}

TEST(Sweep, OfARangeHasBothEnds) {
  EXPECT_THAT(hosts_of("10.0.0.254-10.0.1.1"),
              ElementsAre("10.0.0.254", "10.0.0.255", "10.0.1.0", "10.0.1.1"));
  EXPECT_THAT(hosts_of("10.0.0.1-3"), ElementsAre("10.0.0.1", "10.0.0.2", "10.0.0.3"));
  EXPECT_THAT(hosts_of("2001:db8::ffff-2001:db8::1:0"),
              ElementsAre("2001:db8::ffff", "2001:db8::1:0"));
  EXPECT_THAT(hosts_of("255.255.255.255-255.255.255.255"), ElementsAre("255.255.255.255"));
}

TEST(Sweep, IsNothingElse) {
  for (const auto* text :
       {"", "-", "10.0.0.1", "10.0.0.1/24", "10.0.0.9-10.0.0.1", "10.0.0.9-1", "10.0.0.1-256",
        "10.0.0.1-::1", "::1-9", "10.0.0.0/7", "2001:db8::/64", "::-1::", "host-2"})
    EXPECT_THAT(hosts_of(text), ElementsAre("none")) << text;
}

TEST(HostList, HasOneHostALineAndComments) {
  std::istringstream list{"a\n\n  b.example  # the second\r\n#c\n192.0.2.1"};
  EXPECT_THAT(hosts_in(list), ElementsAre("a", "b.example", "192.0.2.1"));
}

}  // namespace
}  // namespace portsock::tools
