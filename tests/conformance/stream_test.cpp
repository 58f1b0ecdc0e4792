// SPDX-License-Identifier: MIT
#include <gtest/gtest.h>

#include <array>
#include <vector>

#include <tests/support/on_each_family.hpp>
#include <tests/support/sockets.hpp>

namespace portsock::tests {
namespace {

class Stream : public OnEachFamily {
 protected:
  connected_pair pair = connected(GetParam());
  stream_socket& here = pair.here;
  stream_socket& there = pair.there;
  std::array<std::byte, 64> buffer{};
};
ON_EACH_FAMILY(Stream);

TEST_P(Stream, CarriesBytesBothWays) {
  say(here, "question");
  EXPECT_EQ(hear(there, 8), "question");

  say(there, "answer");
  EXPECT_EQ(hear(here, 6), "answer");
}

TEST_P(Stream, EndsKnowEachOther) {
  EXPECT_EQ(must(here.peer_endpoint()), must(there.local_endpoint()));
  EXPECT_EQ(must(there.peer_endpoint()), must(here.local_endpoint()));
}

TEST_P(Stream, BlocksUntilDataComes) {
  auto received = in_background([&] { return here.receive(buffer); });
  say(there, "late");

  ASSERT_EQ(received.wait_for(10s), std::future_status::ready);
  EXPECT_EQ(must(received.get()), 4u);
}

TEST_P(Stream, ThatDoesNotBlockSaysThatNothingHasCome) {
  ASSERT_THAT(here.set_blocking(false), Succeeds());

  EXPECT_THAT(here.receive(buffer), FailsWith(errc::would_block));
  EXPECT_THAT(here.receive(std::array{mutable_bytes{buffer}}), FailsWith(errc::would_block));
}

TEST_P(Stream, ThatDoesNotBlockSaysThatThereIsNoRoom) {
  EXPECT_GT(fill(here), 0u);
  EXPECT_THAT(here.send(as_bytes("x")), FailsWith(errc::would_block));
}

TEST_P(Stream, BlocksAgainWhenToldTo) {
  ASSERT_THAT(here.set_blocking(false), Succeeds());
  ASSERT_THAT(here.set_blocking(true), Succeeds());

  auto received = in_background([&] { return here.receive(buffer); });
  say(there, "late");

  EXPECT_THAT(received.get(), Succeeds());
}

TEST_P(Stream, KeepsWhatDoesNotFitTheBufferForLater) {
  say(there, "feed");

  EXPECT_EQ(hear(here, 1), "f");
  EXPECT_EQ(hear(here, 3), "eed");
}

TEST_P(Stream, ReceivesNothingIntoAnEmptyBufferAndIsNotAtItsEnd) {
  EXPECT_EQ(must(here.receive(mutable_bytes{})), 0u);
  EXPECT_EQ(must(here.receive(mutable_bytes{}, soon())), 0u);

  say(there, "data");
  EXPECT_EQ(must(here.receive(mutable_bytes{})), 0u);
  EXPECT_EQ(hear(here, 4), "data");
}

TEST_P(Stream, SendsNothingWhenThereIsNothingToSend) {
  EXPECT_EQ(must(here.send(const_bytes{})), 0u);
  EXPECT_EQ(here.send_all(const_bytes{}, soon()).size, 0u);

  say(here, "data");
  EXPECT_EQ(hear(there, 4), "data");
}

TEST_P(Stream, GathersBuffersInOrder) {
  const std::array parts{as_bytes("one "), const_bytes{}, as_bytes("two "), as_bytes("three")};

  EXPECT_EQ(must(here.send(parts)), 13u);
  EXPECT_EQ(hear(there, 13), "one two three");
}

TEST_P(Stream, ScattersOverBuffersInOrder) {
  say(there, "one two three");
  ASSERT_TRUE(can_receive(here));

  std::array<std::byte, 3> first{};
  std::array<std::byte, 60> second{};
  const auto size = here.receive(std::array{mutable_bytes{first}, mutable_bytes{second}});

  EXPECT_EQ(must(size), 13u);
  EXPECT_EQ(as_text(first), "one");
  EXPECT_EQ(as_text(const_bytes{second}.first(10)), " two three");
}

TEST_P(Stream, TakesAnyNumberOfBuffersInSeveralCalls) {
  const auto data = pattern(2000);
  std::vector<const_bytes> parts;
  for (const auto& byte : data) parts.emplace_back(&byte, 1);

  for (std::span<const const_bytes> left = parts; !left.empty();) {
    const auto sent = must(here.send(left, soon()));
    ASSERT_GT(sent, 0u);
    left = left.subspan(sent);
  }
  ASSERT_THAT(here.shutdown(direction::send), Succeeds());

  EXPECT_EQ(hear_all(there), data);
}

TEST_P(Stream, FillsAnyNumberOfBuffersInSeveralCalls) {
  const auto data = pattern(300);
  ASSERT_THAT(there.send_all(data, soon()), Succeeds());

  std::vector<std::byte> got(data.size());
  std::vector<mutable_bytes> parts;
  for (auto& byte : got) parts.emplace_back(&byte, 1);
  for (std::span<const mutable_bytes> left = parts; !left.empty();) {
    const auto size = must(here.receive(left, soon()));
    ASSERT_GT(size, 0u);
    left = left.subspan(size);
  }

  EXPECT_EQ(got, data);
}

TEST_P(Stream, ReceivesExactlyWhatIsAskedForInHoweverManyPieces) {
  auto received = in_background([&] { return hear(here, 8); });
  say(there, "abc");
  say(there, "defgh");

  EXPECT_EQ(received.get(), "abcdefgh");
}

TEST_P(Stream, ThatEndsTooSoonSaysHowMuchCame) {
  say(there, "abc");
  ASSERT_THAT(there.shutdown(direction::send), Succeeds());

  const auto got = here.receive_exactly(mutable_bytes{buffer}.first(8), soon());

  EXPECT_THAT(got, FailsWith(errc::end_of_stream));
  EXPECT_EQ(got.size, 3u);
  EXPECT_EQ(as_text(const_bytes{buffer}.first(3)), "abc");
}

TEST_P(Stream, CarriesTwentyMegabytesToAReaderThatIsLate) {
  const auto data = pattern(20'000'000);
  auto sent = in_background([&] {
    const auto all = here.send_all(data, soon());
    static_cast<void>(here.shutdown(direction::send));
    return all;
  });

  const auto got = hear_all(there);

  EXPECT_EQ(sent.get().size, data.size());
  EXPECT_TRUE(got == data);
}

TEST_P(Stream, CarriesMegabytesWithoutADeadlineToo) {
  const auto data = pattern(5'000'000);
  auto sent = in_background([&] {
    const auto all = here.send_all(data);
    static_cast<void>(here.shutdown(direction::send));
    return all;
  });

  EXPECT_TRUE(hear_all(there) == data);
  EXPECT_THAT(sent.get(), Succeeds());
}

TEST_P(Stream, ThatRanOutOfTimeSaysHowMuchThePeerWillRead) {
  const auto data = pattern(50'000'000);

  const auto sent = here.send_all(data, deadline::in(200ms));
  ASSERT_THAT(sent, FailsWith(errc::timed_out));
  EXPECT_LT(sent.size, data.size());
  ASSERT_THAT(here.shutdown(direction::send), Succeeds());

  const auto got = hear_all(there);
  EXPECT_EQ(got.size(), sent.size);
  EXPECT_TRUE(std::equal(got.begin(), got.end(), data.begin()));
}

TEST_P(Stream, SendsOnOneThreadWhileItReceivesOnAnother) {
  auto received = in_background([&] { return here.receive(buffer); });
  say(here, "ping");
  EXPECT_EQ(hear(there, 4), "ping");
  say(there, "pong");

  EXPECT_EQ(must(received.get()), 4u);
}

TEST_P(Stream, SwapsManySmallMessagesQuickly) {
  auto answers = in_background([&] {
    for (int i = 0; i < 100; ++i) say(there, hear(there, 2));
  });

  const auto started = deadline::clock::now();
  for (int i = 0; i < 100; ++i) {
    ASSERT_THAT(here.send(std::array{as_bytes("a"), as_bytes("b")}), Succeeds());
    ASSERT_EQ(hear(here, 2), "ab");
  }

  EXPECT_LT(deadline::clock::now() - started, 5s) << "a delayed acknowledgement takes 40 ms";
}

}  // namespace
}  // namespace portsock::tests
