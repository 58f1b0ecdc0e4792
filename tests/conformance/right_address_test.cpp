// SPDX-License-Identifier: MIT
#include <gtest/gtest.h>

#include <array>
#include <optional>

#include <portsock/interfaces.hpp>
#include <tests/support/on_each_family.hpp>
#include <tests/support/sockets.hpp>
#include <tests/support/system.hpp>

namespace portsock::tests {
namespace {

/// An address of this host besides the loopback address.
std::optional<ip_address> another_address(family of) {
  if (of == family::v4) {
    constexpr ip_address five = ipv4_address{{127, 0, 0, 5}};
    if (datagram_socket::bind({five, 0})) return five;
  }
  for (const auto& one : must(interfaces()))
    for (const auto& has : one.addresses)
      if (family_of(has.address) == of && !is_loopback(has.address) && !is_link_local(has.address))
        return has.address;
  return std::nullopt;
}

/// What arrives at a client that talks to one address of a server, and hears nobody else.
class RightAddress : public OnEachFamily {
 protected:
  void SetUp() override {
    if (!another_address(GetParam())) GTEST_SKIP() << "this host has one address";
    asked = {*another_address(GetParam()), must(server.local_endpoint()).port};
    client.emplace(must(connected_datagram_socket::connect(asked, loopback())));
  }

  void expect_answer() {
    if (system().heeds_send_details) {
      EXPECT_EQ(must(client->receive(buffer, soon())).size, 6u);
    } else {
      EXPECT_THAT(client->receive(buffer, shortly()), FailsWith(errc::timed_out));
    }
  }

  datagram_socket server = must(datagram_socket::bind(wildcard()));
  endpoint asked;
  std::optional<connected_datagram_socket> client;
  std::array<std::byte, 64> buffer{};
};
ON_EACH_FAMILY(RightAddress);

TEST_P(RightAddress, IsTheOneThatWasAsked) {
  must(server.report({.destination = true}));
  ASSERT_THAT(client->send(as_bytes("question")), Succeeds());

  const auto got = must(server.receive_in_detail(buffer, soon()));
  EXPECT_EQ(got.details.destination, asked.address);
  ASSERT_THAT(server.send_to(as_bytes("answer"), got.from, answer_to(got.details)), Succeeds());

  expect_answer();
}

TEST_P(RightAddress, IsTheSourceOfSegmentsToo) {
  if (!system().carries_numbers_beside_datagrams)
    GTEST_SKIP() << "the system is not told the size of segments";
  ASSERT_THAT(client->send(as_bytes("question")), Succeeds());
  const auto got = must(server.receive_from(buffer, soon()));

  EXPECT_EQ(
      server.send_segments(as_bytes("answeranswer"), 6, got.from, {.source = asked.address}).count,
      2u);

  expect_answer();
  expect_answer();
}

TEST_P(RightAddress, MayBeNamedWithItsInterface) {
  must(server.report({.destination = true}));
  ASSERT_THAT(client->send(as_bytes("question")), Succeeds());
  const auto got = must(server.receive_in_detail(buffer, soon()));

  const auto unknown =
      server.send_to(as_bytes("answer"), got.from, {.interface_index = 0x7ffffff0});
  if (system().heeds_send_details)
    EXPECT_THAT(unknown, FailsWith(errc::address_not_available));
  else
    EXPECT_THAT(unknown, Succeeds());
}

TEST(RightAddressOfBothFamilies, IsAnIPv4AddressForAnIPv4Peer) {
  auto bound = datagram_socket::bind({ipv6_address::any(), 0}, {.dual_stack = true});
  if (!bound) GTEST_SKIP() << "no socket takes both families: " << bound.error().message();
  const auto another = another_address(family::v4);
  if (!another) GTEST_SKIP() << "this host has one IPv4 address";
  auto server = std::move(*bound);
  const auto given = must(server.report({.destination = true, .hop_limit = true}));
  EXPECT_TRUE(given.destination);
  auto client = must(connected_datagram_socket::connect(
      {*another, must(server.local_endpoint()).port}, endpoint{ipv4_address::loopback(), 0}));
  must(client.set(options::hop_limit, 42));
  ASSERT_THAT(client.send(as_bytes("question")), Succeeds());

  std::array<std::byte, 64> buffer{};
  const auto got = must(server.receive_in_detail(buffer, soon()));
  EXPECT_EQ(got.from, must(client.local_endpoint()));
  EXPECT_EQ(got.details.destination, *another);
  EXPECT_EQ(got.details.hop_limit, 42);

  must(client.report({.hop_limit = true}));
  auto answer = answer_to(got.details);
  if (system().carries_numbers_beside_datagrams) answer.hop_limit = 9;
  ASSERT_THAT(server.send_to(as_bytes("answer"), got.from, answer), Succeeds());
  if (system().heeds_send_details) {
    const auto heard = must(client.receive_in_detail(buffer, soon()));
    EXPECT_EQ(heard.size, 6u);
    EXPECT_EQ(heard.details.hop_limit == 9, system().carries_numbers_beside_datagrams);
  } else {
    EXPECT_THAT(client.receive(buffer, shortly()), FailsWith(errc::timed_out));
  }
}

}  // namespace
}  // namespace portsock::tests
