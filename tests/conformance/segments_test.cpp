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

class Segments : public OnEachFamily {
 protected:
  datagram_socket here = must(datagram_socket::bind(loopback()));
  datagram_socket there = must(datagram_socket::bind(loopback()));
  endpoint to_there = must(there.local_endpoint());
  connected_datagram_socket peer = must(connected_datagram_socket::connect(to_there));
  std::vector<std::byte> buffer = std::vector<std::byte>(65'535);

  void SetUp() override { must(there.set(options::receive_buffer, 1'000'000)); }

  /// Their size is a number beside them.
  static bool have_no_size_here() { return !tests::system().carries_numbers_beside_datagrams; }

  /// The sizes of the next `count` datagrams, whose bytes must be those of `data`, in order.
  std::vector<std::size_t> take(std::size_t count, const_bytes data) {
    std::vector<std::size_t> sizes;
    while (sizes.size() < count) {
      const auto got = must(there.receive_segments(buffer, soon()));
      EXPECT_FALSE(got.truncated);
      for (const const_bytes one : got.in(buffer)) {
        EXPECT_LE(one.size(), data.size());
        EXPECT_TRUE(std::ranges::equal(one, data.first((std::min)(one.size(), data.size()))));
        data = data.subspan((std::min)(one.size(), data.size()));
        sizes.push_back(one.size());
      }
    }
    EXPECT_TRUE(data.empty());
    return sizes;
  }
};
ON_EACH_FAMILY(Segments);

TEST_P(Segments, ArriveAsDatagramsOfTheirSizeAndAShorterLastOne) {
  if (have_no_size_here()) GTEST_SKIP() << "the system is not told their size";
  const auto data = pattern(64 * 64 + 10);

  const auto sent = here.send_segments(data, 64, to_there);
  EXPECT_TRUE(sent);
  EXPECT_EQ(sent.count, 65u);

  for (std::size_t i = 0; i != 65; ++i) {
    ASSERT_TRUE(can_receive(there));
    const auto got = must(there.receive_from(buffer));
    ASSERT_EQ(got.size, i == 64 ? 10u : 64u);
    EXPECT_EQ(got.from, must(here.local_endpoint()));
    EXPECT_TRUE(std::ranges::equal(const_bytes{buffer}.first(got.size),
                                   const_bytes{data}.subspan(i * 64, got.size)));
  }
}

TEST_P(Segments, AreReceivedAsTheyWereSentWhetherTheyWereJoinedOrNot) {
  if (have_no_size_here()) GTEST_SKIP() << "the system is not told their size";
  const auto data = pattern(40 * 100 + 1);
  const bool joins = must(there.coalesce(true));

  const auto sent = peer.send_segments(data, 100);
  EXPECT_EQ(sent.count, 41u);
  const auto sizes = take(41, data);
  EXPECT_EQ(sizes.front(), 100u);
  EXPECT_EQ(sizes.back(), 1u);

  EXPECT_FALSE(must(there.coalesce(false)));
  EXPECT_EQ(joins, system().offloads_segments);
  EXPECT_EQ(sent.offloaded, system().offloads_segments);
}

TEST_P(Segments, ThatWereJoinedComeInOneCall) {
  if (have_no_size_here()) GTEST_SKIP() << "the system is not told their size";
  if (!must(there.coalesce(true))) GTEST_SKIP() << "this system does not join datagrams";
  const auto data = pattern(30 * 100);
  EXPECT_EQ(peer.send_segments(data, 100).count, 30u);

  const auto got = must(there.receive_segments(buffer, soon()));
  if (!system().offloads_segments) return;  // a system may join, and need not
  EXPECT_EQ(got.size, data.size());
  EXPECT_EQ(got.segment_size, 100u);
  EXPECT_EQ(got.in(buffer).size(), 30u);
  EXPECT_EQ(got.from, must(peer.local_endpoint()));
}

TEST_P(Segments, ThatWereJoinedAreCutByAShortBuffer) {
  must(there.coalesce(true));
  ASSERT_THAT(peer.send(pattern(100)), Succeeds());

  const auto got = must(there.receive_segments(mutable_bytes{buffer}.first(60), soon()));
  EXPECT_TRUE(got.truncated);
  EXPECT_EQ(got.size, 60u);
  EXPECT_EQ(got.in(buffer).size(), 1u);
}

TEST_P(Segments, OfASingleDatagramAreOne) {
  must(there.coalesce(true));
  ASSERT_THAT(peer.send(as_bytes("alone")), Succeeds());
  ASSERT_THAT(peer.send(const_bytes{}), Succeeds());

  auto got = must(there.receive_segments(buffer, soon()));
  EXPECT_EQ(got.size, 5u);
  EXPECT_EQ(got.segment_size, 5u);
  EXPECT_EQ(got.in(buffer).size(), 1u);
  got = must(there.receive_segments(buffer, soon()));
  EXPECT_EQ(got.size, 0u);
  EXPECT_EQ(got.in(buffer).size(), 1u);
}

TEST_P(Segments, MayBeMoreThanAnySystemTakesAtOnce) {
  if (have_no_size_here()) GTEST_SKIP() << "the system is not told their size";
  const auto data = pattern(130 * 100 + 7);
  must(there.coalesce(true));

  EXPECT_EQ(here.send_segments(data, 100, to_there, soon()).count, 131u);

  EXPECT_EQ(take(131, data).size(), 131u);
}

TEST_P(Segments, MayBeMoreBytesThanADatagramTakes) {
  if (have_no_size_here()) GTEST_SKIP() << "the system is not told their size";
  const auto data = pattern(150'000);
  must(there.coalesce(true));

  auto received = in_background([&] { return take(8, data); });
  EXPECT_EQ(peer.send_segments(data, 20'000).count, 8u);

  const std::vector<std::size_t> expected{20'000, 20'000, 20'000, 20'000,
                                          20'000, 20'000, 20'000, 10'000};
  EXPECT_EQ(received.get(), expected);
}

TEST_P(Segments, MayBeTooLongForTwoInOneCall) {
  const auto data = pattern(80'000);
  must(peer.set(options::send_buffer, 200'000));

  EXPECT_EQ(peer.send_segments(data, 40'000, soon()).count, 2u);

  EXPECT_EQ(take(2, data), (std::vector<std::size_t>{40'000, 40'000}));
}

TEST_P(Segments, LongerThanADatagramAreRefused) {
  const auto data = pattern(140'001);

  const auto sent = peer.send_segments(data, 70'000);
  EXPECT_EQ(sent.count, 0u);
  ASSERT_TRUE(sent.reason);
  EXPECT_EQ(*sent.reason, errc::message_too_large);
}

TEST_P(Segments, OfNoBytesAreAnEmptyDatagram) {
  EXPECT_EQ(here.send_segments({}, 100, to_there).count, 1u);
  EXPECT_EQ(take(1, {}), std::vector<std::size_t>{0});
}

TEST_P(Segments, NeedASize) {
  for (const auto& sent :
       {here.send_segments(buffer, 0, to_there), here.send_segments(buffer, 0, to_there, soon()),
        peer.send_segments(buffer, 0), peer.send_segments(buffer, 0, soon())}) {
    EXPECT_EQ(sent.count, 0u);
    ASSERT_TRUE(sent.reason);
    EXPECT_EQ(*sent.reason, errc::invalid_argument);
  }
  EXPECT_EQ(*here.send_segments(buffer, 9, loopback(0)).reason, errc::invalid_argument);
}

TEST_P(Segments, TakeTheDetailsOfADatagram) {
  if (have_no_size_here()) GTEST_SKIP() << "the system is not told their size";
  const auto given = must(there.report({.destination = true, .hop_limit = true}));
  must(there.coalesce(true));
  must(here.set(options::hop_limit, 42));
  const auto data = pattern(10 * 50);

  EXPECT_EQ(here.send_segments(data, 50, to_there, {.hop_limit = 33}).count, 10u);

  const auto got = must(there.receive_in_detail(buffer, soon()));
  EXPECT_EQ(got.details.hop_limit, system().heeds_send_details ? 33 : 42);
  EXPECT_EQ(got.details.destination.has_value(), given.destination);
  if (system().offloads_segments) {
    EXPECT_EQ(got.size, 500u);
    EXPECT_EQ(got.details.segment_size, 50u);
  } else {
    EXPECT_EQ(got.size, 50u);
  }
  EXPECT_EQ(*here.send_segments(data, 50, to_there, {.hop_limit = 256}).reason,
            errc::invalid_argument);
}

TEST_P(Segments, ThatHaveNotComeAreWaitedFor) {
  EXPECT_THAT(there.receive_segments(buffer, shortly()), FailsWith(errc::timed_out));
  EXPECT_THAT(peer.receive_segments(buffer, shortly()), FailsWith(errc::timed_out));
  must(there.set_blocking(false));
  must(peer.set_blocking(false));
  EXPECT_THAT(there.receive_segments(buffer), FailsWith(errc::would_block));
  EXPECT_THAT(peer.receive_segments(buffer), FailsWith(errc::would_block));
  EXPECT_THAT(there.receive_segments({}), FailsWith(errc::invalid_argument));
}

TEST_P(Segments, ToAClosedPortNeverFail) {
  auto lonely = must(connected_datagram_socket::connect(closed_datagram_port(GetParam())));
  for (int i = 0; i != 5; ++i) {
    EXPECT_EQ(lonely.send_segments(pattern(2'000), 20).count, 100u) << i;
    EXPECT_EQ(lonely.send_segments(pattern(2'000), 20, soon()).count, 100u) << i;
  }
}

TEST_P(Segments, OfAConnectedSocketComeFromItsPeer) {
  if (have_no_size_here()) GTEST_SKIP() << "the system is not told their size";
  must(peer.coalesce(true));
  const auto to_peer = must(peer.local_endpoint());
  EXPECT_EQ(there.send_segments(pattern(90), 30, to_peer).count, 3u);

  std::size_t count = 0;
  while (count < 3) count += must(peer.receive_segments(buffer, soon())).in(buffer).size();
  EXPECT_EQ(count, 3u);
}

}  // namespace
}  // namespace portsock::tests
