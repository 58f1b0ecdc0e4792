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

class Datagram : public OnEachFamily {
 protected:
  /// The next datagram that `there` has, as text.
  std::string next() {
    const auto got = must(there.receive_from(buffer, soon()));
    return std::string{as_text(const_bytes{buffer}.first(got.size))};
  }

  datagram_socket here = must(datagram_socket::bind(loopback()));
  datagram_socket there = must(datagram_socket::bind(loopback()));
  endpoint to_here = must(here.local_endpoint());
  endpoint to_there = must(there.local_endpoint());
  std::vector<std::byte> buffer = std::vector<std::byte>(65'535);
};
ON_EACH_FAMILY(Datagram);

TEST_P(Datagram, ArrivesWholeWithItsSender) {
  ASSERT_THAT(here.send_to(as_bytes("hello"), to_there), Succeeds());
  ASSERT_TRUE(can_receive(there));

  const auto got = must(there.receive_from(buffer));

  EXPECT_EQ(as_text(const_bytes{buffer}.first(got.size)), "hello");
  EXPECT_FALSE(got.truncated);
  EXPECT_EQ(got.from, to_here);
}

TEST_P(Datagram, IsNotMixedWithTheNext) {
  ASSERT_THAT(here.send_to(as_bytes("one"), to_there), Succeeds());
  ASSERT_THAT(here.send_to(as_bytes("two"), to_there), Succeeds());

  EXPECT_EQ(next(), "one");
  EXPECT_EQ(next(), "two");
}

TEST_P(Datagram, ThatIsLongerThanTheBufferIsCutAndSaysSo) {
  ASSERT_THAT(here.send_to(as_bytes("0123456789"), to_there), Succeeds());
  ASSERT_THAT(here.send_to(as_bytes("next"), to_there), Succeeds());
  ASSERT_TRUE(can_receive(there));

  std::array<std::byte, 4> room{};
  const auto got = must(there.receive_from(room));

  EXPECT_EQ(got.size, 4u);
  EXPECT_TRUE(got.truncated);
  EXPECT_EQ(as_text(room), "0123");
  EXPECT_EQ(got.from, to_here);
  EXPECT_EQ(next(), "next") << "the rest is lost";
}

TEST_P(Datagram, IsCutTheSameWithADeadlineAndOverBuffers) {
  for (int i = 0; i < 2; ++i)
    ASSERT_THAT(here.send_to(as_bytes("0123456789"), to_there), Succeeds());

  std::array<std::byte, 4> room{};
  const auto in_time = must(there.receive_from(room, soon()));
  EXPECT_TRUE(in_time.truncated);
  EXPECT_EQ(in_time.size, 4u);

  std::array<std::byte, 4> more{};
  ASSERT_TRUE(can_receive(there));
  const auto scattered =
      must(there.receive_from(std::array{mutable_bytes{room}, mutable_bytes{more}}));
  EXPECT_TRUE(scattered.truncated);
  EXPECT_EQ(scattered.size, 8u);
  EXPECT_EQ(as_text(more), "4567");
}

TEST_P(Datagram, ThatJustFitsIsNotCut) {
  ASSERT_THAT(here.send_to(as_bytes("0123"), to_there), Succeeds());

  std::array<std::byte, 4> room{};
  const auto got = must(there.receive_from(room, soon()));

  EXPECT_EQ(got.size, 4u);
  EXPECT_FALSE(got.truncated);
}

TEST_P(Datagram, OfZeroBytesIsADatagram) {
  ASSERT_THAT(here.send_to(const_bytes{}, to_there), Succeeds());

  const auto got = must(there.receive_from(buffer, soon()));

  EXPECT_EQ(got.size, 0u);
  EXPECT_FALSE(got.truncated);
  EXPECT_EQ(got.from, to_here);
}

TEST_P(Datagram, NeedsABufferThatIsNotEmpty) {
  ASSERT_THAT(here.send_to(as_bytes("stays"), to_there), Succeeds());
  ASSERT_TRUE(can_receive(there));

  EXPECT_THAT(there.receive_from(mutable_bytes{}, soon()), FailsWith(errc::invalid_argument));
  EXPECT_THAT(there.receive_from(std::span<const mutable_bytes>{}),
              FailsWith(errc::invalid_argument));
  EXPECT_THAT(there.receive_from(mutable_bytes{}), FailsWith(errc::invalid_argument));
}

TEST_P(Datagram, MayHaveAsManyBytesAsItsFamilyAllows) {
  const auto largest = pattern(GetParam() == family::v4 ? 65'507 : 65'527);
  must(here.set(options::send_buffer, 200'000));  // macOS sends nothing longer than this
  must(there.set(options::receive_buffer, 200'000));

  ASSERT_THAT(here.send_to(largest, to_there, soon()), Succeeds());
  const auto got = must(there.receive_from(buffer, soon()));

  EXPECT_FALSE(got.truncated);
  ASSERT_EQ(got.size, largest.size());
  EXPECT_TRUE(std::equal(largest.begin(), largest.end(), buffer.begin()));
}

TEST_P(Datagram, WithOneByteMoreIsTooLarge) {
  const auto too_large = pattern(GetParam() == family::v4 ? 65'508 : 65'528);

  EXPECT_THAT(here.send_to(too_large, to_there), FailsWith(errc::message_too_large));
  EXPECT_THAT(here.send_to(too_large, to_there, soon()), FailsWith(errc::message_too_large));
}

TEST_P(Datagram, IsGatheredFromBuffers) {
  const std::array parts{as_bytes("one "), const_bytes{}, as_bytes("two "), as_bytes("three")};

  ASSERT_THAT(here.send_to(parts, to_there), Succeeds());

  EXPECT_EQ(next(), "one two three");
}

TEST_P(Datagram, IsGatheredFromSixtyFourBuffersAtMost) {
  const auto data = pattern(65);
  std::vector<const_bytes> parts;
  for (const auto& byte : data) parts.emplace_back(&byte, 1);

  EXPECT_THAT(here.send_to(parts, to_there), FailsWith(errc::invalid_argument));
  parts.pop_back();
  ASSERT_THAT(here.send_to(parts, to_there), Succeeds());
  EXPECT_EQ(next(), as_text(const_bytes{data}.first(64)));
}

TEST_P(Datagram, IsScatteredOverBuffers) {
  ASSERT_THAT(here.send_to(as_bytes("one two three"), to_there), Succeeds());
  ASSERT_TRUE(can_receive(there));

  std::array<std::byte, 3> first{};
  std::array<std::byte, 60> second{};
  const auto got =
      must(there.receive_from(std::array{mutable_bytes{first}, mutable_bytes{second}}));

  EXPECT_EQ(got.size, 13u);
  EXPECT_FALSE(got.truncated);
  EXPECT_EQ(got.from, to_here);
  EXPECT_EQ(as_text(first), "one");
  EXPECT_EQ(as_text(const_bytes{second}.first(10)), " two three");
}

TEST_P(Datagram, IsScatteredOverSixtyFourBuffersAtMost) {
  ASSERT_THAT(here.send_to(as_bytes("stays"), to_there), Succeeds());
  ASSERT_TRUE(can_receive(there));
  const std::vector<mutable_bytes> parts(65, mutable_bytes{buffer}.first(1));

  EXPECT_THAT(there.receive_from(parts), FailsWith(errc::invalid_argument));
  EXPECT_EQ(next(), "stays");
}

TEST_P(Datagram, IsAnsweredWithoutLookingAtTheSender) {
  ASSERT_THAT(here.send_to(as_bytes("question"), to_there), Succeeds());
  const auto got = must(there.receive_from(buffer, soon()));

  ASSERT_THAT(there.send_to(as_bytes("answer"), got.from), Succeeds());

  EXPECT_EQ(must(here.receive_from(buffer, soon())).from, to_there);
}

TEST_P(Datagram, ToPortZeroIsInvalid) {
  EXPECT_THAT(here.send_to(as_bytes("x"), loopback(0)), FailsWith(errc::invalid_argument));
  EXPECT_THAT(here.send_to(as_bytes("x"), loopback(0), soon()), FailsWith(errc::invalid_argument));
}

TEST_P(Datagram, ToTheUnspecifiedAddressMeansLoopback) {
  ASSERT_THAT(here.send_to(as_bytes("x"), wildcard(to_there.port)), Succeeds());
  EXPECT_EQ(next(), "x");
}

TEST_P(Datagram, ToAPeerOfTheOtherFamilyFails) {
  const auto other = GetParam() == family::v4 ? family::v6 : family::v4;

  EXPECT_FALSE(here.send_to(as_bytes("x"), {portsock::loopback(other), to_there.port}));
}

TEST_P(Datagram, ToAClosedPortDisturbsNothingLater) {
  const auto closed = closed_datagram_port(GetParam());

  for (int i = 0; i < 3; ++i) ASSERT_THAT(here.send_to(as_bytes("lost"), closed), Succeeds()) << i;
  ASSERT_THAT(there.send_to(as_bytes("found"), to_here), Succeeds());
  EXPECT_EQ(must(here.receive_from(buffer, soon())).size, 5u);

  for (int i = 0; i < 3; ++i) ASSERT_THAT(here.send_to(as_bytes("lost"), closed), Succeeds()) << i;
  EXPECT_THAT(here.receive_from(buffer, shortly()), FailsWith(errc::timed_out));
  ASSERT_THAT(here.set_blocking(false), Succeeds());
  EXPECT_THAT(here.receive_from(buffer), FailsWith(errc::would_block));
}

TEST_P(Datagram, BlocksUntilOneComes) {
  auto received = in_background([&] { return there.receive_from(buffer); });
  ASSERT_THAT(here.send_to(as_bytes("late"), to_there), Succeeds());

  EXPECT_EQ(must(received.get()).size, 4u);
}

TEST_P(Datagram, ThatHasNotComeWouldBlock) {
  ASSERT_THAT(there.set_blocking(false), Succeeds());

  EXPECT_THAT(there.receive_from(buffer), FailsWith(errc::would_block));
  EXPECT_THAT(there.receive_from(std::array{mutable_bytes{buffer}}), FailsWith(errc::would_block));
}

TEST_P(Datagram, IsNeverAFatalFailureInAFlood) {
  ASSERT_THAT(here.set_blocking(false), Succeeds());
  const auto data = pattern(1000);

  for (int i = 0; i < 5000; ++i) {
    const auto sent = here.send_to(data, to_there);
    if (!sent) {
      ASSERT_THAT(sent, FailsWith(errc::would_block));
    }
  }
}

TEST_P(Datagram, SocketTellsItsEndpointAndIsNotInherited) {
  EXPECT_EQ(to_here.address, loopback().address);
  EXPECT_NE(to_here.port, 0);
  EXPECT_FALSE(is_inheritable(here.native()));
  EXPECT_EQ(must(must(datagram_socket::bind(wildcard())).local_endpoint()).address,
            wildcard().address);
}

TEST_P(Datagram, SocketNeedsAnAddressOfThisHost) {
  const auto bound = datagram_socket::bind(elsewhere());
  if (GetParam() == family::v4 && system().binds_datagrams_anywhere) {
    EXPECT_THAT(bound, Succeeds());
  } else {
    EXPECT_THAT(bound, FailsWith(errc::address_not_available));
  }
}

TEST_P(Datagram, SentWithADeadlineArrives) {
  ASSERT_THAT(here.send_to(as_bytes("in time"), to_there, soon()), Succeeds());
  EXPECT_EQ(next(), "in time");
}

// ---- broadcast, which IPv6 does not have

TEST(Broadcast, NeedsTheOption) {
  auto sender = must(datagram_socket::bind({ipv4_address::loopback(), 0}));
  const auto receiver = must(datagram_socket::bind({ipv4_address::any(), 0}));
  const endpoint everybody{ipv4_address{{127, 255, 255, 255}},
                           must(receiver.local_endpoint()).port};

  EXPECT_FALSE(must(sender.get(options::broadcast)));
  EXPECT_THAT(sender.send_to(as_bytes("x"), everybody), FailsWith(errc::access_denied));

  ASSERT_THAT(sender.set(options::broadcast, true), Succeeds());
  EXPECT_THAT(sender.send_to(as_bytes("x"), everybody), Succeeds());
}

TEST(Broadcast, IsHeardByASocketOnTheWildcard) {
  auto sender = must(datagram_socket::bind({ipv4_address::loopback(), 0}));
  auto receiver = must(datagram_socket::bind({ipv4_address::any(), 0}));
  must(sender.set(options::broadcast, true));
  std::array<std::byte, 16> buffer;

  must(sender.send_to(as_bytes("to all"),
                      {ipv4_address{{127, 255, 255, 255}}, must(receiver.local_endpoint()).port}));
  const auto got = must(receiver.receive_from(buffer, soon()));

  EXPECT_EQ(got.size, 6u);
  EXPECT_EQ(got.from, must(sender.local_endpoint()));
}

}  // namespace
}  // namespace portsock::tests
