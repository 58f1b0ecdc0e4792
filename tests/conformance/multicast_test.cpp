// SPDX-License-Identifier: MIT
#include <gtest/gtest.h>

#include <array>

#include <tests/support/groups.hpp>
#include <tests/support/on_each_family.hpp>
#include <tests/support/sockets.hpp>
#include <tests/support/system.hpp>

namespace portsock::tests {
namespace {

class Multicast : public OnEachFamily {
 protected:
  void SetUp() override {
    const auto found = find_venue(GetParam());
    if (!found)
      GTEST_SKIP() << "no interface can be chosen by which this host hears its own multicast";
    here = *found;
    sender = multicast_sender(here);
    must(receiver.set(options::multicast_loop, true));
    must(receiver.join(group(1), here.index));
  }

  static ip_address group(std::uint8_t number) { return tests::group(GetParam(), number); }

  result<> send(std::string_view text, const ip_address& to) {
    return sender.send_to(as_bytes(text), {to, port}, soon());
  }
  std::string heard_by(datagram_socket& socket) {
    const auto got = must(socket.receive_from(buffer, soon()));
    return std::string{as_text(const_bytes{buffer}.first(got.size))};
  }
  /// Ends what is heard at a port: what was multicast before arrives before this.
  void send_end_to(std::uint16_t to_port) {
    must(sender.send_to(as_bytes("end"), {here.home, to_port}));
  }

  venue here;
  datagram_socket sender = must(datagram_socket::bind(loopback()));
  datagram_socket receiver =
      must(datagram_socket::bind(wildcard(), {.policy = bind_policy::shared}));
  std::uint16_t port = must(receiver.local_endpoint()).port;
  std::array<std::byte, 64> buffer{};
};
ON_EACH_FAMILY(Multicast);

TEST_P(Multicast, ReachesAMemberOfTheGroup) {
  ASSERT_THAT(send("hello", group(1)), Succeeds());

  const auto got = must(receiver.receive_from(buffer, soon()));

  EXPECT_EQ(got.size, 5u);
  EXPECT_EQ(got.from.to_endpoint().port, must(sender.local_endpoint()).port);
}

TEST_P(Multicast, ReachesAllThatShareThePort) {
  auto second = must(datagram_socket::bind(wildcard(port), {.policy = bind_policy::shared}));
  must(second.set(options::multicast_loop, true));
  ASSERT_THAT(second.join(group(1), here.index), Succeeds());

  ASSERT_THAT(send("to both", group(1)), Succeeds());

  EXPECT_EQ(heard_by(receiver), "to both");
  EXPECT_EQ(heard_by(second), "to both");
}

TEST_P(Multicast, DoesNotReachASocketThatDidNotJoin) {
  auto other = must(datagram_socket::bind(wildcard()));
  const auto other_port = must(other.local_endpoint()).port;

  // The host is a member through `receiver`, and some systems would think that enough.
  must(sender.send_to(as_bytes("for members"), {group(1), other_port}));
  send_end_to(other_port);

  EXPECT_EQ(heard_by(other), system().delivers_groups_of_others ? "for members" : "end");
}

TEST_P(Multicast, OfAnotherGroupDoesNotArrive) {
  ASSERT_THAT(send("for others", group(2)), Succeeds());
  send_end_to(port);

  EXPECT_EQ(heard_by(receiver), "end");
}

TEST_P(Multicast, EndsWithLeaving) {
  ASSERT_THAT(receiver.leave(group(1), here.index), Succeeds());

  ASSERT_THAT(send("too late", group(1)), Succeeds());
  send_end_to(port);

  EXPECT_EQ(heard_by(receiver), "end");
}

TEST_P(Multicast, CanBeJoinedAgain) {
  ASSERT_THAT(receiver.leave(group(1), here.index), Succeeds());
  ASSERT_THAT(receiver.join(group(1), here.index), Succeeds());

  ASSERT_THAT(send("again", group(1)), Succeeds());

  EXPECT_EQ(heard_by(receiver), "again");
}

TEST_P(Multicast, JoinedTwiceIsJoinedOnce) {
  EXPECT_THAT(receiver.join(group(1), here.index), Succeeds());
  EXPECT_THAT(receiver.leave(group(1), here.index), Succeeds());

  ASSERT_THAT(send("not a member any more", group(1)), Succeeds());
  send_end_to(port);
  EXPECT_EQ(heard_by(receiver), "end");
}

TEST_P(Multicast, ThatWasNeverJoinedIsLeftWithSuccess) {
  EXPECT_THAT(receiver.leave(group(3), here.index), Succeeds());
}

TEST_P(Multicast, JoinsAsManyGroupsAsAsked) {
  ASSERT_THAT(receiver.join(group(2), here.index), Succeeds());

  ASSERT_THAT(send("one", group(1)), Succeeds());
  ASSERT_THAT(send("two", group(2)), Succeeds());

  EXPECT_EQ(heard_by(receiver), "one");
  EXPECT_EQ(heard_by(receiver), "two");
}

TEST_P(Multicast, MayBeHeardFromOneSourceAlone) {
  auto choosy = must(datagram_socket::bind(wildcard()));
  must(choosy.set(options::multicast_loop, true));
  const auto its_port = must(choosy.local_endpoint()).port;
  if (!system().filters_multicast_sources) GTEST_SKIP() << system().name << " does not filter";
  ASSERT_THAT(choosy.join(group(4), here.home, here.index), Succeeds());
  EXPECT_THAT(choosy.join(group(4), here.home, here.index), Succeeds()) << "twice is once";

  must(sender.send_to(as_bytes("from the source"), {group(4), its_port}));
  EXPECT_EQ(heard_by(choosy), "from the source");

  EXPECT_THAT(choosy.leave(group(4), here.home, here.index), Succeeds());
  EXPECT_THAT(choosy.leave(group(4), here.home, here.index), Succeeds()) << "twice is once";
  must(sender.send_to(as_bytes("too late"), {group(4), its_port}));
  send_end_to(its_port);
  EXPECT_EQ(heard_by(choosy), "end");
}

TEST_P(Multicast, FromAnotherSourceThanTheChosenOneDoesNotArrive) {
  auto choosy = must(datagram_socket::bind(wildcard()));
  const auto its_port = must(choosy.local_endpoint()).port;
  const auto joined = choosy.join(group(5), elsewhere().address, here.index);
  EXPECT_EQ(joined.has_value(), system().filters_multicast_sources);
  if (!joined) return;

  must(sender.send_to(as_bytes("from somebody"), {group(5), its_port}));
  send_end_to(its_port);

  EXPECT_EQ(heard_by(choosy), "end");
}

TEST_P(Multicast, NeedsAMulticastAddress) {
  EXPECT_THAT(receiver.join(loopback().address, here.index), FailsWith(errc::invalid_argument));
  EXPECT_THAT(receiver.leave(loopback().address, here.index), FailsWith(errc::invalid_argument));
}

TEST_P(Multicast, NeedsAGroupOfTheSocketsFamily) {
  const ip_address other =
      GetParam() == family::v4
          ? ip_address{ipv6_address{{0xff, 0x15, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1}}}
          : ip_address{ipv4_address{{239, 255, 77, 1}}};

  EXPECT_THAT(receiver.join(other, here.index), FailsWith(errc::invalid_argument));
  EXPECT_THAT(receiver.join(group(1), portsock::loopback(family_of(other)), here.index),
              FailsWith(errc::invalid_argument));
}

TEST_P(Multicast, NeedsAnInterfaceThatExists) {
  EXPECT_THAT(receiver.join(group(1), 7'654'321), FailsWith(errc::address_not_available));
}

TEST_P(Multicast, InterfaceIsReadBack) {
  ASSERT_THAT(sender.set(options::multicast_interface, here.index), Succeeds());
  EXPECT_EQ(must(sender.get(options::multicast_interface)), here.index);

  ASSERT_THAT(sender.set(options::multicast_interface, 0u), Succeeds());
  EXPECT_EQ(must(sender.get(options::multicast_interface)), 0u);
}

TEST_P(Multicast, InterfaceMustExist) {
  EXPECT_THAT(sender.set(options::multicast_interface, 7'654'321u),
              FailsWith(errc::address_not_available));
}

}  // namespace
}  // namespace portsock::tests
