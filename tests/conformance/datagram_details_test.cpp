// SPDX-License-Identifier: MIT
#include <gtest/gtest.h>

#include <array>
#include <chrono>

#include <portsock/interfaces.hpp>
#include <tests/support/on_each_family.hpp>
#include <tests/support/ports.hpp>
#include <tests/support/sockets.hpp>
#include <tests/support/system.hpp>

namespace portsock::tests {
namespace {

constexpr detail_set everything{
    .destination = true, .hop_limit = true, .traffic_class = true, .arrival = true};

/// The interface that has the loopback addresses.
std::uint32_t loopback_index() {
  for (const auto& one : must(interfaces()))
    for (const auto& has : one.addresses)
      if (is_loopback(has.address)) return one.index;
  return 0;
}

class DatagramDetails : public OnEachFamily {
 protected:
  datagram_socket server = must(datagram_socket::bind(wildcard()));
  endpoint to_server = loopback(must(server.local_endpoint()).port);
  connected_datagram_socket client = must(connected_datagram_socket::connect(to_server));
  endpoint to_client = must(client.local_endpoint());
  std::array<std::byte, 64> buffer{};

  static bool carries_numbers() { return system().carries_numbers_beside_datagrams; }
  detailed<received> next() { return must(server.receive_in_detail(buffer, soon())); }
};
ON_EACH_FAMILY(DatagramDetails);

TEST_P(DatagramDetails, AreNotGivenUnlessAskedFor) {
  ASSERT_THAT(client.send(as_bytes("plain")), Succeeds());

  const auto got = next();
  EXPECT_EQ(got.size, 5u);
  EXPECT_EQ(got.from, to_client);
  EXPECT_FALSE(got.truncated);
  EXPECT_FALSE(got.details.destination);
  EXPECT_FALSE(got.details.interface_index);
  EXPECT_FALSE(got.details.hop_limit);
  EXPECT_FALSE(got.details.traffic_class);
  EXPECT_FALSE(got.details.arrival);
  EXPECT_FALSE(got.details.segment_size);
}

TEST_P(DatagramDetails, TellWhereADatagramWasSentToAndByWhatInterfaceItCame) {
  EXPECT_TRUE(must(server.report({.destination = true})).destination);
  ASSERT_THAT(client.send(as_bytes("x")), Succeeds());

  const auto got = next();
  EXPECT_EQ(got.details.destination, to_server.address);
  EXPECT_EQ(got.details.interface_index == loopback_index(), carries_numbers());
  EXPECT_FALSE(got.details.hop_limit);
}

TEST_P(DatagramDetails, TellHowManyHopsAreLeft) {
  must(client.set(options::hop_limit, 42));
  EXPECT_TRUE(must(server.report({.hop_limit = true})).hop_limit);
  ASSERT_THAT(client.send(as_bytes("x")), Succeeds());

  const auto got = next();
  EXPECT_EQ(got.details.hop_limit, 42);
  EXPECT_FALSE(got.details.destination);
}

TEST_P(DatagramDetails, TellWhenADatagramArrived) {
  using std::chrono::system_clock;
  const auto given = must(server.report({.arrival = true}));
  const auto before = system_clock::now() - 1s;
  ASSERT_THAT(client.send(as_bytes("x")), Succeeds());

  const auto got = next();
  EXPECT_EQ(got.details.arrival.has_value(), given.arrival);
  if (!given.arrival) return;
  EXPECT_GE(*got.details.arrival, before);
  EXPECT_LE(*got.details.arrival, system_clock::now() + 1s);
}

TEST_P(DatagramDetails, CanBeSwitchedOffAgain) {
  const auto given = must(server.report(everything));
  EXPECT_TRUE(given.destination && given.hop_limit && given.traffic_class);
  EXPECT_EQ(must(server.report({})), detail_set{});
  ASSERT_THAT(client.send(as_bytes("x")), Succeeds());

  const auto got = next();
  EXPECT_FALSE(got.details.destination);
  EXPECT_FALSE(got.details.hop_limit);
  EXPECT_FALSE(got.details.traffic_class);
  EXPECT_FALSE(got.details.arrival);
}

TEST_P(DatagramDetails, LeaveThePlainCallsAsTheyAre) {
  must(server.report(everything));
  ASSERT_THAT(client.send(as_bytes("one")), Succeeds());
  ASSERT_THAT(client.send(as_bytes("two")), Succeeds());

  EXPECT_EQ(must(server.receive_from(buffer, soon())).size, 3u);
  ASSERT_TRUE(can_receive(server));
  EXPECT_EQ(must(server.receive_from(buffer)).from, to_client);
}

TEST_P(DatagramDetails, ComeWithADatagramThatIsCut) {
  must(server.report(everything));
  ASSERT_THAT(client.send(as_bytes("0123456789")), Succeeds());
  std::array<std::byte, 4> room{};

  const auto got = must(server.receive_in_detail(room, soon()));
  EXPECT_TRUE(got.truncated);
  EXPECT_EQ(got.size, 4u);
  EXPECT_EQ(got.from, to_client);
  EXPECT_EQ(as_text(room), "0123");
}

TEST_P(DatagramDetails, OfADatagramThatHasNotComeAreWaitedFor) {
  EXPECT_THAT(server.receive_in_detail(buffer, shortly()), FailsWith(errc::timed_out));
  EXPECT_THAT(client.receive_in_detail(buffer, shortly()), FailsWith(errc::timed_out));
  must(server.set_blocking(false));
  must(client.set_blocking(false));
  EXPECT_THAT(server.receive_in_detail(buffer), FailsWith(errc::would_block));
  EXPECT_THAT(client.receive_in_detail(buffer), FailsWith(errc::would_block));
}

TEST_P(DatagramDetails, NeedABufferThatIsNotEmpty) {
  EXPECT_THAT(server.receive_in_detail({}), FailsWith(errc::invalid_argument));
  EXPECT_THAT(client.receive_in_detail({}, soon()), FailsWith(errc::invalid_argument));
}

TEST_P(DatagramDetails, OfAConnectedSocketAreTheSame) {
  const auto given = must(client.report(everything));
  must(server.set(options::hop_limit, 7));
  ASSERT_THAT(server.send_to(as_bytes("answer"), to_client), Succeeds());

  const auto got = must(client.receive_in_detail(buffer, soon()));
  EXPECT_EQ(got.size, 6u);
  EXPECT_EQ(got.details.destination, to_client.address);
  EXPECT_EQ(got.details.hop_limit, 7);
  EXPECT_TRUE(got.details.traffic_class);
  EXPECT_EQ(got.details.arrival.has_value(), given.arrival);
}

TEST_P(DatagramDetails, OfOneDatagramAreItsOwn) {
  if (!carries_numbers()) GTEST_SKIP() << "the system is not told numbers";
  must(server.report(everything));
  must(client.set(options::hop_limit, 42));
  const send_details how{.hop_limit = 33, .traffic_class = 0x2a};

  ASSERT_THAT(client.send(as_bytes("special"), how), Succeeds());
  ASSERT_THAT(client.send(as_bytes("plain")), Succeeds());
  ASSERT_THAT(client.send(as_bytes("special"), how, soon()), Succeeds());

  for (const bool special : {true, false, true}) {
    const auto got = next();
    const bool heeded = special && system().heeds_send_details;
    EXPECT_EQ(got.details.hop_limit, heeded ? 33 : 42);
    EXPECT_EQ(got.details.traffic_class, heeded ? 0x2a : 0);
  }
}

TEST_P(DatagramDetails, OfADatagramToAnybodyAreItsOwn) {
  if (!carries_numbers()) GTEST_SKIP() << "the system is not told numbers";
  must(client.report(everything));
  const send_details how{.hop_limit = 33, .traffic_class = 0xff};

  ASSERT_THAT(server.send_to(as_bytes("x"), to_client, how), Succeeds());
  ASSERT_THAT(server.send_to(as_bytes("x"), to_client, how, soon()), Succeeds());

  for (int i = 0; i != 2; ++i) {
    const auto got = must(client.receive_in_detail(buffer, soon()));
    EXPECT_EQ(got.details.hop_limit == 33, system().heeds_send_details);
    EXPECT_EQ(got.details.traffic_class == 0xff, system().heeds_send_details);
  }
}

TEST_P(DatagramDetails, OutOfRangeAreRefused) {
  for (const int hops : {-1, 0, 256})
    EXPECT_THAT(client.send(as_bytes("x"), {.hop_limit = hops}), FailsWith(errc::invalid_argument));
  for (const int value : {-1, 256})
    EXPECT_THAT(server.send_to(as_bytes("x"), to_client, {.traffic_class = value}),
                FailsWith(errc::invalid_argument));
}

TEST_P(DatagramDetails, CannotNameASourceOfTheOtherFamily) {
  const auto other = portsock::loopback(GetParam() == family::v4 ? family::v6 : family::v4);

  EXPECT_THAT(server.send_to(as_bytes("x"), to_client, {.source = other}),
              FailsWith(errc::invalid_argument));
  EXPECT_THAT(client.send(as_bytes("x"), {.source = other}), FailsWith(errc::invalid_argument));
}

TEST_P(DatagramDetails, CannotNameASourceThatThisHostHasNot) {
  const auto outcome =
      server.send_to(as_bytes("x"), to_client, {.source = elsewhere().address}, soon());

  if (system().heeds_send_details)
    EXPECT_THAT(outcome, FailsWith(errc::address_not_available));
  else
    EXPECT_THAT(outcome, Succeeds());
}

TEST_P(DatagramDetails, OfNothingInParticularArePlainSending) {
  ASSERT_THAT(server.send_to(as_bytes("answer"), to_client, send_details{}), Succeeds());
  ASSERT_THAT(server.send_to({}, to_client, send_details{}), Succeeds());

  EXPECT_EQ(must(client.receive(buffer, soon())).size, 6u);
  EXPECT_EQ(must(client.receive(buffer, soon())).size, 0u);
}

TEST_P(DatagramDetails, ToAClosedPortNeverFail) {
  auto lonely = must(connected_datagram_socket::connect(closed_datagram_port(GetParam())));

  const auto how =
      carries_numbers() ? send_details{.hop_limit = 9} : send_details{.source = loopback().address};

  for (int i = 0; i < 5; ++i) EXPECT_THAT(lonely.send(as_bytes("lost"), how), Succeeds()) << i;
  EXPECT_THAT(lonely.receive_in_detail(buffer, shortly()), FailsWith(errc::timed_out));
}

}  // namespace
}  // namespace portsock::tests
