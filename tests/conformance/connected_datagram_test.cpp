// SPDX-License-Identifier: MIT
#include <gtest/gtest.h>

#include <array>
#include <vector>

#include <tests/support/on_each_family.hpp>
#include <tests/support/ports.hpp>
#include <tests/support/sockets.hpp>
#include <tests/support/system.hpp>

namespace portsock::tests {
namespace {

class ConnectedDatagram : public OnEachFamily {
 protected:
  datagram_socket peer = must(datagram_socket::bind(loopback()));
  endpoint to_peer = must(peer.local_endpoint());
  connected_datagram_socket here = must(connected_datagram_socket::connect(to_peer));
  endpoint to_here = must(here.local_endpoint());
  std::array<std::byte, 64> buffer{};
};
ON_EACH_FAMILY(ConnectedDatagram);

TEST_P(ConnectedDatagram, GoesToItsPeerAndComesFromIt) {
  ASSERT_THAT(here.send(as_bytes("question")), Succeeds());
  const auto got = must(peer.receive_from(buffer, soon()));
  EXPECT_EQ(got.size, 8u);
  EXPECT_EQ(got.from, to_here);

  ASSERT_THAT(peer.send_to(as_bytes("answer"), to_here), Succeeds());
  ASSERT_TRUE(can_receive(here));
  EXPECT_EQ(must(here.receive(buffer)).size, 6u);
}

TEST_P(ConnectedDatagram, SocketKnowsBothEndpoints) {
  EXPECT_EQ(must(here.peer_endpoint()), to_peer);
  EXPECT_EQ(to_here.address, loopback().address);
  EXPECT_NE(to_here.port, 0);
  EXPECT_FALSE(is_inheritable(here.native()));
}

TEST_P(ConnectedDatagram, OfSomebodyElseDoesNotArrive) {
  auto stranger = must(datagram_socket::bind(loopback()));

  static_cast<void>(stranger.send_to(as_bytes("a stranger's words"), to_here));
  ASSERT_THAT(peer.send_to(as_bytes("peer"), to_here), Succeeds());

  EXPECT_EQ(must(here.receive(buffer, soon())).size, 4u);
}

TEST_P(ConnectedDatagram, ThatIsLongerThanTheBufferIsCutAndSaysSo) {
  ASSERT_THAT(peer.send_to(as_bytes("0123456789"), to_here), Succeeds());
  ASSERT_THAT(peer.send_to(as_bytes("0123456789"), to_here), Succeeds());
  ASSERT_THAT(peer.send_to(as_bytes("fits"), to_here), Succeeds());

  std::array<std::byte, 4> room{};
  const auto cut = must(here.receive(room, soon()));
  EXPECT_EQ(cut.size, 4u);
  EXPECT_TRUE(cut.truncated);
  EXPECT_EQ(as_text(room), "0123");

  ASSERT_TRUE(can_receive(here));
  EXPECT_TRUE(must(here.receive(std::array{mutable_bytes{room}})).truncated);
  EXPECT_FALSE(must(here.receive(room, soon())).truncated);
}

TEST_P(ConnectedDatagram, OfZeroBytesIsADatagram) {
  ASSERT_THAT(here.send(const_bytes{}), Succeeds());
  EXPECT_EQ(must(peer.receive_from(buffer, soon())).size, 0u);

  ASSERT_THAT(peer.send_to(const_bytes{}, to_here), Succeeds());
  EXPECT_EQ(must(here.receive(buffer, soon())).size, 0u);
}

TEST_P(ConnectedDatagram, NeedsABufferThatIsNotEmpty) {
  ASSERT_THAT(peer.send_to(as_bytes("x"), to_here), Succeeds());
  ASSERT_TRUE(can_receive(here));

  EXPECT_THAT(here.receive(mutable_bytes{}, soon()), FailsWith(errc::invalid_argument));
  EXPECT_THAT(here.receive(mutable_bytes{}), FailsWith(errc::invalid_argument));
}

TEST_P(ConnectedDatagram, HasAsManyBytesAsItsFamilyAllowsAndNoMore) {
  const std::size_t limit = GetParam() == family::v4 ? 65'507 : 65'527;
  must(here.set(options::send_buffer, 200'000));  // macOS sends nothing longer than this

  EXPECT_THAT(here.send(pattern(limit), soon()), Succeeds());
  EXPECT_THAT(here.send(pattern(limit + 1)), FailsWith(errc::message_too_large));
  EXPECT_THAT(here.send(pattern(limit + 1), soon()), FailsWith(errc::message_too_large));
}

TEST_P(ConnectedDatagram, IsGatheredAndScattered) {
  const std::array parts{as_bytes("one "), as_bytes("two "), as_bytes("three")};
  ASSERT_THAT(here.send(parts), Succeeds());
  EXPECT_EQ(must(peer.receive_from(buffer, soon())).size, 13u);

  ASSERT_THAT(peer.send_to(as_bytes("one two"), to_here), Succeeds());
  ASSERT_TRUE(can_receive(here));
  std::array<std::byte, 3> first{};
  std::array<std::byte, 60> second{};
  const auto got = must(here.receive(std::array{mutable_bytes{first}, mutable_bytes{second}}));
  EXPECT_EQ(got.size, 7u);
  EXPECT_EQ(as_text(first), "one");

  ASSERT_THAT(here.send(parts, soon()), Succeeds());
  EXPECT_EQ(must(peer.receive_from(buffer, soon())).size, 13u);
  ASSERT_THAT(peer.send_to(as_bytes("two one"), to_here), Succeeds());
  EXPECT_EQ(must(here.receive(std::array{mutable_bytes{first}}, soon())).size, 3u);
  EXPECT_EQ(as_text(first), "two");
}

TEST_P(ConnectedDatagram, TakesSixtyFourBuffersAtMost) {
  const std::vector<const_bytes> parts(65, as_bytes("x"));
  const std::vector<mutable_bytes> rooms(65, mutable_bytes{buffer});

  EXPECT_THAT(here.send(parts), FailsWith(errc::invalid_argument));
  ASSERT_THAT(peer.send_to(as_bytes("x"), to_here), Succeeds());
  ASSERT_TRUE(can_receive(here));
  EXPECT_THAT(here.receive(rooms), FailsWith(errc::invalid_argument));
}

TEST_P(ConnectedDatagram, ToAClosedPortNeverFailsACall) {
  auto lonely = must(connected_datagram_socket::connect(closed_datagram_port(GetParam())));

  for (int i = 0; i < 5; ++i) EXPECT_THAT(lonely.send(as_bytes("lost")), Succeeds()) << i;
  for (int i = 0; i < 5; ++i) EXPECT_THAT(lonely.send(as_bytes("lost"), soon()), Succeeds()) << i;
  EXPECT_THAT(lonely.receive(buffer, shortly()), FailsWith(errc::timed_out));
  EXPECT_THAT(lonely.send(std::array{as_bytes("lo"), as_bytes("st")}), Succeeds());
  ASSERT_THAT(lonely.set_blocking(false), Succeeds());
  EXPECT_THAT(lonely.receive(buffer), FailsWith(errc::would_block));
  EXPECT_THAT(lonely.receive(std::array{mutable_bytes{buffer}}), FailsWith(errc::would_block));
}

TEST_P(ConnectedDatagram, FindsAPeerThatComesBack) {
  const auto where = closed_datagram_port(GetParam());
  auto patient = must(connected_datagram_socket::connect(where));
  for (int i = 0; i < 3; ++i) EXPECT_THAT(patient.send(as_bytes("lost")), Succeeds());

  auto back = must(datagram_socket::bind(where));
  EXPECT_THAT(patient.send(as_bytes("found")), Succeeds());

  EXPECT_EQ(must(back.receive_from(buffer, soon())).size, 5u);
}

TEST_P(ConnectedDatagram, ThatHasNotComeWouldBlock) {
  ASSERT_THAT(here.set_blocking(false), Succeeds());
  EXPECT_THAT(here.receive(buffer), FailsWith(errc::would_block));
}

TEST_P(ConnectedDatagram, ToPortZeroIsInvalid) {
  EXPECT_THAT(connected_datagram_socket::connect(loopback(0)), FailsWith(errc::invalid_argument));
}

TEST_P(ConnectedDatagram, ToTheUnspecifiedAddressMeansLoopback) {
  auto local = must(connected_datagram_socket::connect(wildcard(to_peer.port)));

  EXPECT_EQ(must(local.peer_endpoint()), to_peer);
  EXPECT_THAT(local.send(as_bytes("x")), Succeeds());
  EXPECT_EQ(must(peer.receive_from(buffer, soon())).size, 1u);
}

TEST_P(ConnectedDatagram, MayChooseItsLocalEndpoint) {
  const auto local = closed_datagram_port(GetParam());

  const auto chosen = must(connected_datagram_socket::connect(to_peer, local));

  EXPECT_EQ(must(chosen.local_endpoint()), local);
  EXPECT_THAT(connected_datagram_socket::connect(to_peer, local), FailsWith(errc::address_in_use));
}

}  // namespace
}  // namespace portsock::tests
