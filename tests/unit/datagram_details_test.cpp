// SPDX-License-Identifier: MIT
#include <gtest/gtest.h>

#include <portsock/datagram_details.hpp>

namespace portsock {
namespace {

using namespace literals;

datagram_details sent_to(ip_address destination, std::uint32_t interface_index) {
  datagram_details details;
  details.destination = destination;
  details.interface_index = interface_index;
  return details;
}

TEST(AnswerTo, GoesFromTheAddressThatWasAsked) {
  EXPECT_EQ(answer_to(sent_to("192.0.2.7"_ip, 3)), send_details{.source = "192.0.2.7"_ip});
  EXPECT_EQ(answer_to(sent_to("2001:db8::7"_ip, 3)), send_details{.source = "2001:db8::7"_ip});
}

TEST(AnswerTo, OnALinkGoesBackByThatLink) {
  const auto answer = answer_to(sent_to("fe80::7%3"_ip, 3));
  EXPECT_EQ(answer.source, "fe80::7%3"_ip);
  EXPECT_EQ(answer.interface_index, 3u);
}

TEST(AnswerTo, ManyLeavesTheSourceToTheSystem) {
  EXPECT_EQ(answer_to(sent_to("239.1.2.3"_ip, 3)), send_details{});
  EXPECT_EQ(answer_to(sent_to("ff02::1"_ip, 3)), send_details{});
  EXPECT_EQ(answer_to(sent_to("255.255.255.255"_ip, 3)), send_details{});
}

TEST(AnswerTo, WhoSaysNothingLeavesTheSourceToTheSystem) {
  EXPECT_EQ(answer_to({}), send_details{});
}

}  // namespace
}  // namespace portsock
