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

/// Rooms of `size` bytes each, all in one store.
template <class Room>
class rooms {
 public:
  rooms(std::size_t count, std::size_t size) : store_(count * size) {
    for (std::size_t i = 0; i != count; ++i)
      all_.emplace_back(mutable_bytes{store_}.subspan(i * size, size));
  }
  operator std::span<Room>() { return all_; }
  Room& operator[](std::size_t i) { return all_[i]; }
  std::span<Room> from(std::size_t i) { return std::span{all_}.subspan(i); }

 private:
  std::vector<std::byte> store_;
  std::vector<Room> all_;
};

/// Datagrams of 1, 2, 3, … bytes.
std::vector<const_bytes> growing(std::size_t count, const std::vector<std::byte>& bytes) {
  std::vector<const_bytes> all;
  for (std::size_t i = 0; i != count; ++i) all.push_back(const_bytes{bytes}.first(i + 1));
  return all;
}

class DatagramBatch : public OnEachFamily {
 protected:
  datagram_socket here = must(datagram_socket::bind(loopback()));
  datagram_socket there = must(datagram_socket::bind(loopback()));
  native_endpoint to_there = must(here.destination(must(there.local_endpoint())));
  connected_datagram_socket peer =
      must(connected_datagram_socket::connect(must(there.local_endpoint())));
  rooms<incoming> eight{8, 16};
};
ON_EACH_FAMILY(DatagramBatch);

TEST_P(DatagramBatch, ArrivesAsItsDatagramsEachWithItsSizeAndSource) {
  const auto source = must(here.local_endpoint());
  const std::array batch{outgoing{as_bytes("one"), to_there}, outgoing{const_bytes{}, to_there},
                         outgoing{as_bytes("three"), to_there}};

  const auto sent = here.send_batch(batch);
  EXPECT_TRUE(sent);
  EXPECT_EQ(sent.count, 3u);
  ASSERT_THAT(peer.send(as_bytes("other")), Succeeds());

  std::size_t count = 0;
  while (count < 4) count += must(there.receive_batch(eight.from(count), soon()));
  EXPECT_EQ(count, 4u);
  EXPECT_EQ(as_text(eight[0].datagram()), "one");
  EXPECT_EQ(eight[1].size, 0u);
  EXPECT_EQ(as_text(eight[2].datagram()), "three");
  for (std::size_t i = 0; i != 3; ++i) EXPECT_EQ(eight[i].from, source) << i;
  EXPECT_EQ(as_text(eight[3].datagram()), "other");
  EXPECT_EQ(eight[3].from, must(peer.local_endpoint()));
  for (std::size_t i = 0; i != 4; ++i) EXPECT_FALSE(eight[i].truncated) << i;
}

TEST_P(DatagramBatch, SaysOfEachDatagramWhetherItWasCut) {
  const std::array batch{as_bytes("short"), as_bytes("longer than sixteen bytes"),
                         as_bytes("exactly sixteen!")};
  EXPECT_EQ(peer.send_batch(batch).count, 3u);

  std::size_t count = 0;
  while (count < 3) count += must(there.receive_batch(eight.from(count), soon()));
  EXPECT_FALSE(eight[0].truncated);
  EXPECT_TRUE(eight[1].truncated);
  EXPECT_EQ(as_text(eight[1].datagram()), "longer than sixt");
  EXPECT_FALSE(eight[2].truncated);
  EXPECT_EQ(eight[2].size, 16u);
}

TEST_P(DatagramBatch, MayBeLongerThanAnySystemTakesAtOnce) {
  const std::size_t count = 150;
  const auto bytes = pattern(count);
  must(there.set(options::receive_buffer, 1'000'000));

  EXPECT_EQ(peer.send_batch(growing(count, bytes)).count, count);

  rooms<incoming> many{count, count};
  std::size_t got = 0;
  while (got < count) got += must(there.receive_batch(many.from(got), soon()));
  for (std::size_t i = 0; i != count; ++i) ASSERT_EQ(many[i].size, i + 1);
}

TEST_P(DatagramBatch, TakesWhatIsThereAndWaitsForNoMore) {
  EXPECT_EQ(peer.send_batch(std::array{as_bytes("a"), as_bytes("b")}).count, 2u);

  std::size_t count = 0;
  while (count < 2) count += must(there.receive_batch(eight));
  EXPECT_EQ(count, 2u);
}

TEST_P(DatagramBatch, LeavesWhatFoundNoRoom) {
  EXPECT_EQ(peer.send_batch(std::array{as_bytes("a"), as_bytes("b"), as_bytes("c")}).count, 3u);
  rooms<incoming> two{2, 16};

  std::size_t count = 0;
  while (count < 2) count += must(there.receive_batch(two.from(count), soon()));
  EXPECT_EQ(as_text(two[1].datagram()), "b");
  EXPECT_EQ(must(there.receive_batch(two, soon())), 1u);
  EXPECT_EQ(as_text(two[0].datagram()), "c");
}

TEST_P(DatagramBatch, GoesToManyPeers) {
  auto third = must(datagram_socket::bind(loopback()));
  const auto to_third = must(here.destination(must(third.local_endpoint())));

  EXPECT_EQ(here.send_batch(std::array{outgoing{as_bytes("there"), to_there},
                                       outgoing{as_bytes("third"), to_third}})
                .count,
            2u);

  EXPECT_EQ(must(there.receive_batch(eight, soon())), 1u);
  EXPECT_EQ(as_text(eight[0].datagram()), "there");
  EXPECT_EQ(must(third.receive_batch(eight, soon())), 1u);
  EXPECT_EQ(as_text(eight[0].datagram()), "third");
}

TEST_P(DatagramBatch, EndsAtTheDatagramThatCannotBeSentAndSaysWhy) {
  const auto too_long = pattern(70'000);
  const std::array batch{as_bytes("a"), as_bytes("b"), const_bytes{too_long}, as_bytes("d")};

  for (const auto& sent : {peer.send_batch(batch), peer.send_batch(batch, soon())}) {
    EXPECT_FALSE(sent);
    EXPECT_EQ(sent.count, 2u);
    ASSERT_TRUE(sent.reason);
    EXPECT_EQ(*sent.reason, errc::message_too_large);
  }
  EXPECT_EQ(peer.send_batch(std::span{batch}.subspan(3)).count, 1u);

  std::size_t count = 0;
  while (count < 5) count += must(there.receive_batch(eight.from(count), soon()));
  EXPECT_EQ(as_text(eight[3].datagram()), "b");
  EXPECT_EQ(as_text(eight[4].datagram()), "d");
}

TEST_P(DatagramBatch, ThatIsEmptyIsDoneAtOnce) {
  EXPECT_TRUE(here.send_batch({}));
  EXPECT_TRUE(peer.send_batch({}, deadline::now()));
  EXPECT_EQ(must(there.receive_batch({})), 0u);
  EXPECT_EQ(must(peer.receive_batch({})), 0u);
}

TEST_P(DatagramBatch, NeedsBuffersThatAreNotEmpty) {
  ASSERT_THAT(peer.send(as_bytes("kept")), Succeeds());
  ASSERT_TRUE(can_receive(there));
  std::array<std::byte, 8> room{};
  std::array some{incoming{room}, incoming{mutable_bytes{}}};

  EXPECT_THAT(there.receive_batch(some), FailsWith(errc::invalid_argument));

  EXPECT_EQ(must(there.receive_from(room, soon())).size, 4u);
}

TEST_P(DatagramBatch, ThatHasNotComeWouldBlock) {
  rooms<incoming_part> parts{2, 16};
  EXPECT_THAT(there.receive_batch(eight, shortly()), FailsWith(errc::timed_out));
  EXPECT_THAT(peer.receive_batch(parts, shortly()), FailsWith(errc::timed_out));
  must(there.set_blocking(false));
  must(peer.set_blocking(false));
  EXPECT_THAT(there.receive_batch(eight), FailsWith(errc::would_block));
  EXPECT_THAT(peer.receive_batch(parts), FailsWith(errc::would_block));
}

TEST_P(DatagramBatch, IsWaitedForThroughSignals) {
  const signal_storm storm{std::chrono::milliseconds{1}};
  auto waiting = in_background([&] { return must(there.receive_batch(eight)); });
  while (system().has_signals && storm.count() < 20) {
  }
  ASSERT_THAT(peer.send(as_bytes("at last")), Succeeds());

  EXPECT_EQ(waiting.get(), 1u);
}

TEST_P(DatagramBatch, ToAClosedPortNeverFails) {
  auto lonely = must(connected_datagram_socket::connect(closed_datagram_port(GetParam())));
  const auto bytes = pattern(100);
  rooms<incoming_part> parts{2, 16};

  for (int i = 0; i < 5; ++i) {
    const auto sent = lonely.send_batch(growing(100, bytes));
    EXPECT_EQ(sent.count, 100u) << i << (sent.reason ? sent.reason->message() : "");
    EXPECT_TRUE(lonely.send_batch(growing(100, bytes), soon())) << i;
  }
  EXPECT_THAT(lonely.receive_batch(parts, shortly()), FailsWith(errc::timed_out));
}

TEST_P(DatagramBatch, OfAConnectedSocketComesFromItsPeer) {
  const auto to_peer = must(there.destination(must(peer.local_endpoint())));
  EXPECT_EQ(
      there
          .send_batch(std::array{outgoing{as_bytes("a longer one than there is room"), to_peer},
                                 outgoing{as_bytes("two"), to_peer}})
          .count,
      2u);

  rooms<incoming_part> parts{4, 16};
  std::size_t count = 0;
  while (count < 2) count += must(peer.receive_batch(parts.from(count), soon()));
  EXPECT_TRUE(parts[0].truncated);
  EXPECT_EQ(parts[0].size, 16u);
  EXPECT_EQ(as_text(parts[1].datagram()), "two");
}

}  // namespace
}  // namespace portsock::tests
