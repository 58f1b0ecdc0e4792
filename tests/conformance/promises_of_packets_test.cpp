// SPDX-License-Identifier: MIT

// The promises of the porting guide, continued from promises_test.cpp: what concerns groups,
// options, ICMP and names.

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <array>

#include <portsock/icmp_socket.hpp>
#include <portsock/interfaces.hpp>
#include <portsock/resolver.hpp>
#include <tests/support/groups.hpp>
#include <tests/support/on_each_family.hpp>
#include <tests/support/sockets.hpp>
#include <tests/support/system.hpp>

namespace portsock::tests {
namespace {

using namespace literals;
using testing::AnyOf;

class Promise : public OnEachFamily {
 protected:
  std::array<std::byte, 512> buffer{};
};

using Promise17 = Promise;
ON_EACH_FAMILY(Promise17);
TEST_P(Promise17, AGroupIsJoinedByInterfaceIndexAndHeardOnTheWildcardByMembersAlone) {
  const auto here = find_venue(GetParam());
  if (!here)
    GTEST_SKIP() << "no interface can be chosen by which this host hears its own multicast";
  auto sender = multicast_sender(*here);
  auto member = must(datagram_socket::bind(wildcard()));
  auto stranger = must(datagram_socket::bind(wildcard()));
  const auto of_stranger = must(stranger.local_endpoint()).port;
  for (auto* each : {&member, &stranger}) must(each->set(options::multicast_loop, true));
  const auto hello = group(GetParam(), 9);

  EXPECT_THAT(member.join(hello, here->index), Succeeds());
  EXPECT_THAT(member.join(hello, here->index), Succeeds()) << "twice is once";
  must(sender.send_to(as_bytes("hi"), {hello, must(member.local_endpoint()).port}));
  EXPECT_EQ(must(member.receive_from(buffer, soon())).size, 2u);

  must(sender.send_to(as_bytes("hi"), {hello, of_stranger}));
  must(sender.send_to(as_bytes("end"), {here->home, of_stranger}));
  EXPECT_EQ(must(stranger.receive_from(buffer, soon())).size,
            system().delivers_groups_of_others ? 2u : 3u);
}

using Promise18 = testing::Test;
TEST_F(Promise18, ABroadcastNeedsItsOptionAndIsHeardOnTheWildcard) {
  auto sender = must(datagram_socket::bind("127.0.0.1:0"_endpoint));
  auto receiver = must(datagram_socket::bind("0.0.0.0:0"_endpoint));
  const endpoint everybody{"127.255.255.255"_ip, must(receiver.local_endpoint()).port};
  std::array<std::byte, 16> buffer;

  EXPECT_THAT(sender.send_to(as_bytes("x"), everybody), FailsWith(errc::access_denied));
  must(sender.set(options::broadcast, true));
  EXPECT_THAT(sender.send_to(as_bytes("to all"), everybody), Succeeds());
  EXPECT_EQ(must(receiver.receive_from(buffer, soon())).size, 6u);
}

TEST_F(Promise18, AReceiverOfOneInterfaceHearsNothingOfAnother) {
  const auto wildcard = "0.0.0.0:0"_endpoint;
  auto sender = must(datagram_socket::bind("127.0.0.1:0"_endpoint));
  const auto all = must(interfaces());
  for (const auto& one : all) {
    auto receiver = datagram_socket::bind(wildcard, {.interface_index = one.index});
    if (!receiver) {  // an interface without an IPv4 address, or a system that cannot
      EXPECT_TRUE(receiver.error() == errc::address_not_available ||
                  is_unsupported(receiver.error()));
      continue;
    }
    std::array<std::byte, 16> buffer;
    const endpoint here{"127.0.0.1"_ip, must(receiver->local_endpoint()).port};
    must(sender.send_to(as_bytes("to loopback"), here));
    if (one.loopback) {
      EXPECT_EQ(must(receiver->receive_from(buffer, soon())).size, 11u);
    } else {
      EXPECT_THAT(receiver->receive_from(buffer, deadline::in(20ms)), FailsWith(errc::timed_out));
    }
  }

  EXPECT_THAT(datagram_socket::bind("127.0.0.1:0"_endpoint, {.interface_index = 1}),
              FailsWith(errc::invalid_argument));
  EXPECT_FALSE(datagram_socket::bind(wildcard, {.interface_index = 0x7ffffff0}));
}

using Promise19 = Promise;
ON_EACH_FAMILY(Promise19);
TEST_P(Promise19, AnOptionHasATypeAUnitAndOneAnswer) {
  auto pair = connected(GetParam());
  auto socket = must(datagram_socket::bind(loopback()));

  for (const bool on : {true, false}) {
    must(pair.here.set(options::no_delay, on));
    EXPECT_EQ(must(pair.here.get(options::no_delay)), on);
  }
  must(socket.set(options::hop_limit, 33));
  EXPECT_EQ(must(socket.get(options::hop_limit)), 33);
  EXPECT_THAT(socket.set(options::hop_limit, 256), FailsWith(errc::invalid_argument));
  EXPECT_THAT(pair.here.set(options::keep_alive_idle, 7s), Succeeds());

  // What would be ignored is refused, and supports() knows beforehand.
  const auto marked = socket.set(options::traffic_class, 0x20);
  EXPECT_EQ(socket.supports(options::traffic_class), marked.has_value());
  if (!marked) {
    EXPECT_THAT(marked, FailsWith(errc::not_supported));
  }
}

using Promise20 = Promise;
ON_EACH_FAMILY(Promise20);
TEST_P(Promise20, AnEchoGoesTheBestWayAndComesBackWithoutItsHeader) {
  auto opened = icmp_socket::open(GetParam());
  if (!opened) {
    ASSERT_TRUE(opened.error() == errc::access_denied || is_unsupported(opened.error()))
        << opened.error().message();
    GTEST_SKIP() << "no echo for this user here: " << opened.error().message();
  }
  const icmp::echo_request request{{.identifier = opened->identifier().value_or(4711),
                                    .sequence = 12,
                                    .payload = as_bytes("a cookie of this test's own")}};

  ASSERT_THAT(opened->send(request, loopback().address), Succeeds());
  for (;;) {  // others may ping too, and Linux shows a raw socket the request as well
    const auto event = must(opened->receive(buffer, soon()));
    const auto* reply = std::get_if<icmp::echo_reply>(&event.message);
    if (reply == nullptr || as_text(reply->payload) != as_text(request.payload)) continue;
    EXPECT_EQ(reply->sequence, request.sequence);
    EXPECT_EQ(event.from, loopback().address);
    EXPECT_EQ(event.size, icmp::header_size + request.payload.size());
    break;
  }
}

using Promise21 = testing::Test;
TEST_F(Promise21, ANameIsUtf8AndNumbersAreReadStrictlyAndFailuresHaveOneMeaning) {
  EXPECT_THAT(must(resolve("192.0.2.1", "http", transport::tcp, soon())),
              testing::ElementsAre("192.0.2.1:80"_endpoint));
  for (const auto* text : {"", "127.1", "010.0.0.1", "0x7f000001"})
    EXPECT_THAT(resolve(text, 80, soon()), FailsWith(errc::invalid_argument)) << text;
  EXPECT_THAT(resolve("192.0.2.1", "70000", transport::tcp, soon()),
              FailsWith(errc::invalid_argument));
  EXPECT_THAT(resolve("b\xc3\xbc"
                      "cher.invalid",
                      80, soon()),
              AnyOf(FailsWith(errc::host_not_found), FailsWith(errc::name_service_busy)));
}

using Promise22 = testing::Test;
TEST_F(Promise22, AScopeIsANumberAndItsNameIsForPeople) {
  const auto all = must(interfaces());
  ASSERT_FALSE(all.empty());

  const auto by_index = must(resolve("fe80::1%" + std::to_string(all.front().index), 80));
  const auto by_name = must(resolve("fe80::1%" + all.front().name, 80));

  EXPECT_EQ(by_index, by_name);
  EXPECT_EQ(to_string(by_name.front().address), "fe80::1%" + std::to_string(all.front().index));
  EXPECT_FALSE(parse_address("fe80::1%" + all.front().name)) << "no text without a host";
}

template <class Socket>
concept tells_its_mode = requires(const Socket& s) { s.is_blocking(); };

using Promise23 = Promise;
ON_EACH_FAMILY(Promise23);
TEST_P(Promise23, WhatSystemsCannotTellIsNotAskedAndWhatTheyRoundIsAtLeastWhatWasAsked) {
  static_assert(!tells_its_mode<stream_socket> && !tells_its_mode<datagram_socket>);
  auto socket = must(datagram_socket::bind(loopback()));

  must(socket.set(options::send_buffer, 65'536));

  EXPECT_GE(must(socket.get(options::send_buffer)), 65'536);
}

}  // namespace
}  // namespace portsock::tests
