// SPDX-License-Identifier: MIT

// How a stream ends: finished, gone, or thrown away.

#include <gtest/gtest.h>

#include <array>

#include <tests/support/on_each_family.hpp>
#include <tests/support/sockets.hpp>
#include <tests/support/system.hpp>

namespace portsock::tests {
namespace {

/// Sends on until it fails, or for a long time.
result<std::size_t> send_until_it_fails(stream_socket& socket) {
  const auto until = soon();
  for (;;) {
    auto sent = socket.send(as_bytes("is anybody there?"), until);
    if (!sent || until.has_passed()) return sent;
  }
}

class StreamEnd : public OnEachFamily {
 protected:
  connected_pair pair = connected(GetParam());
  stream_socket& here = pair.here;
  stream_socket& there = pair.there;
  std::array<std::byte, 64> buffer{};
};
ON_EACH_FAMILY(StreamEnd);

TEST_P(StreamEnd, IsZeroBytesAgainAndAgain) {
  ASSERT_THAT(there.shutdown(direction::send), Succeeds());

  for (int i = 0; i < 3; ++i) EXPECT_EQ(must(here.receive(buffer, soon())), 0u);
  EXPECT_EQ(must(here.receive(buffer)), 0u);
}

TEST_P(StreamEnd, ComesBehindTheData) {
  say(there, "the last words");
  ASSERT_THAT(there.shutdown(direction::send), Succeeds());

  EXPECT_EQ(as_text(hear_all(here)), "the last words");
}

TEST_P(StreamEnd, OfOneDirectionLeavesTheOtherOpen) {
  ASSERT_THAT(there.shutdown(direction::send), Succeeds());
  EXPECT_EQ(must(here.receive(buffer, soon())), 0u);

  say(here, "still here");
  EXPECT_EQ(hear(there, 10), "still here");

  ASSERT_THAT(here.shutdown(direction::send), Succeeds());
  EXPECT_EQ(must(there.receive(buffer, soon())), 0u);
}

TEST_P(StreamEnd, OfOwnSendingBreaksThePipe) {
  restore_signals();
  ASSERT_THAT(here.shutdown(direction::send), Succeeds());

  EXPECT_THAT(here.send(as_bytes("x")), FailsWith(errc::broken_pipe));
  EXPECT_THAT(here.send(as_bytes("x"), soon()), FailsWith(errc::broken_pipe));
  EXPECT_THAT(here.send_all(as_bytes("x"), soon()), FailsWith(errc::broken_pipe));
}

TEST_P(StreamEnd, OfReceivingIsLocal) {
  say(there, "unread");
  ASSERT_TRUE(can_receive(here));

  ASSERT_THAT(here.shutdown(direction::receive), Succeeds());

  EXPECT_EQ(must(here.receive(buffer)), 0u);
  EXPECT_EQ(must(here.receive(buffer, soon())), 0u);
  EXPECT_EQ(must(here.receive(std::array{mutable_bytes{buffer}})), 0u);
  say(there, "the peer notices nothing");
  say(here, "and may be told more");
  EXPECT_EQ(hear(there, 20), "and may be told more");
}

TEST_P(StreamEnd, OfBothDirectionsEndsBoth) {
  ASSERT_THAT(here.shutdown(direction::both), Succeeds());

  EXPECT_EQ(must(here.receive(buffer, soon())), 0u);
  EXPECT_THAT(here.send(as_bytes("x")), FailsWith(errc::broken_pipe));
  EXPECT_EQ(must(there.receive(buffer, soon())), 0u);
  say(there, "the peer notices no more than the end");
}

TEST_P(StreamEnd, ByClosingIsSeenByThePeer) {
  say(there, "goodbye");
  {
    const auto closed = std::move(there);
  }

  EXPECT_EQ(hear(here, 7), "goodbye");
  EXPECT_EQ(must(here.receive(buffer, soon())), 0u);
}

TEST_P(StreamEnd, OfThePeerFailsSendingSoonAndRaisesNoSignal) {
  restore_signals();
  {
    const auto closed = std::move(there);
  }

  const auto first = send_until_it_fails(here);
  EXPECT_THAT(first, FailsBecauseThePeerIsGone());
  EXPECT_THAT(first, FailsWith(errc::connection_reset));

  for (int i = 0; i < 3; ++i)
    EXPECT_THAT(here.send(as_bytes("x")), FailsWith(errc::connection_reset));
}

TEST_P(StreamEnd, ByResetIsTheSameOnEachRead) {
  std::move(there).abort();

  for (int i = 0; i < 3; ++i)
    EXPECT_THAT(here.receive(buffer, soon()), FailsWith(errc::connection_reset)) << i;
  EXPECT_THAT(here.receive(buffer), FailsWith(errc::connection_reset));
  EXPECT_THAT(here.receive(std::array{mutable_bytes{buffer}}), FailsWith(errc::connection_reset));
  EXPECT_THAT(here.receive_exactly(buffer, soon()), FailsWith(errc::connection_reset));
}

TEST_P(StreamEnd, ByResetIsTheSameOnEachReadOfASocketThatDoesNotBlock) {
  ASSERT_THAT(here.set_blocking(false), Succeeds());
  std::move(there).abort();
  ASSERT_TRUE(is_reset(here));

  for (int i = 0; i < 3; ++i)
    EXPECT_THAT(here.receive(buffer), FailsWith(errc::connection_reset)) << i;
}

TEST_P(StreamEnd, ByResetWhileAReadWaitsIsTheSameOnEachRead) {
  auto waiting = in_background([&] { return here.receive(buffer); });
  std::move(there).abort();

  EXPECT_THAT(waiting.get(), FailsWith(errc::connection_reset));
  EXPECT_THAT(here.receive(buffer), FailsWith(errc::connection_reset));
}

TEST_P(StreamEnd, ByResetMayTakeUnreadDataAlong) {
  say(there, "hello");
  ASSERT_TRUE(can_receive(here));
  std::move(there).abort();
  ASSERT_TRUE(is_reset(here));

  EXPECT_EQ(hear(here, 5), system().resets_discard_unread_data ? "" : "hello");
  EXPECT_THAT(here.receive(buffer, soon()), FailsWith(errc::connection_reset));
}

TEST_P(StreamEnd, ByResetFailsSendingToo) {
  restore_signals();
  std::move(there).abort();
  ASSERT_TRUE(is_reset(here));

  EXPECT_THAT(here.send(as_bytes("x")), FailsWith(errc::connection_reset));
  EXPECT_THAT(here.send(as_bytes("x"), soon()), FailsWith(errc::connection_reset));
}

TEST_P(StreamEnd, WithUnreadDataIsAResetForThePeer) {
  say(here, "never read");
  ASSERT_TRUE(can_receive(there));
  {
    const auto closed = std::move(there);
  }

  EXPECT_THAT(here.receive(buffer, soon()), FailsWith(errc::connection_reset));
}

TEST_P(StreamEnd, InTheAbortiveModeIsAResetForThePeer) {
  ASSERT_THAT(there.set(options::close_mode, close_mode::abortive), Succeeds());
  {
    const auto closed = std::move(there);
  }

  EXPECT_THAT(here.receive(buffer, soon()), FailsWith(errc::connection_reset));
}

TEST_P(StreamEnd, ThatIsGracefulDeliversEverythingToASlowReader) {
  const auto data = pattern(5'000'000);
  auto closed = in_background([&] {
    EXPECT_THAT(here.send_all(data, soon()), Succeeds());
    return std::move(here).close_gracefully(soon());
  });

  std::size_t total = 0;
  for (std::array<std::byte, 4096> piece;;) {
    const auto size = must(there.receive(piece, soon()));
    if (size == 0) break;
    ASSERT_TRUE(std::equal(piece.begin(), piece.begin() + static_cast<std::ptrdiff_t>(size),
                           data.begin() + static_cast<std::ptrdiff_t>(total)));
    total += size;
  }
  {
    const auto done = std::move(there);
  }

  EXPECT_EQ(total, data.size());
  EXPECT_THAT(closed.get(), Succeeds());
}

TEST_P(StreamEnd, ThatIsGracefulThrowsAwayWhatStillComes) {
  say(there, "too late");
  ASSERT_THAT(there.shutdown(direction::send), Succeeds());

  EXPECT_THAT(std::move(here).close_gracefully(soon()), Succeeds());
  EXPECT_EQ(must(there.receive(buffer, soon())), 0u) << "and not a reset";
}

TEST_P(StreamEnd, ThatIsGracefulWaitsForThePeerAlsoWhenReceivingWasShut) {
  for (const auto which : {direction::receive, direction::both}) {
    auto [client, server] = connected(GetParam());
    say(server, "unread");
    ASSERT_TRUE(can_receive(client));
    ASSERT_THAT(client.shutdown(which), Succeeds());

    EXPECT_THAT(std::move(client).close_gracefully(shortly()), FailsWith(errc::timed_out));
  }
}

TEST_P(StreamEnd, ThatIsGracefulReadsWhatReceivingNoLongerDoes) {
  for (const auto which : {direction::receive, direction::both}) {
    auto [client, server] = connected(GetParam());
    ASSERT_THAT(client.shutdown(which), Succeeds());
    say(server, "unread");
    ASSERT_THAT(server.shutdown(direction::send), Succeeds());

    EXPECT_THAT(std::move(client).close_gracefully(soon()), Succeeds());
    EXPECT_EQ(must(server.receive(buffer, soon())), 0u) << "and not a reset";
  }
}

TEST_P(StreamEnd, ThatIsGracefulGivesUpOnAPeerThatDoesNotFinish) {
  EXPECT_THAT(std::move(here).close_gracefully(shortly()), FailsWith(errc::timed_out));
  EXPECT_EQ(here.native(), native_handle::invalid) << "closed in any case";
}

TEST_P(StreamEnd, ThatIsGracefulSaysThatThePeerIsGone) {
  std::move(there).abort();

  EXPECT_THAT(std::move(here).close_gracefully(soon()), FailsWith(errc::connection_reset));
}

TEST_P(StreamEnd, ThatIsGracefulSaysThatThePeerTookNotAllAlsoAfterThePeersEnd) {
  say(here, "unread");
  ASSERT_TRUE(can_receive(there));
  ASSERT_THAT(there.shutdown(direction::send), Succeeds());
  ASSERT_TRUE(can_receive(here));
  {
    const auto closed = std::move(there);
  }
  ASSERT_TRUE(is_reset(here));

  EXPECT_THAT(std::move(here).close_gracefully(soon()), FailsWith(errc::connection_reset));
}

TEST_P(StreamEnd, ThatIsGracefulLosesNothingInFiftyRounds) {
  for (int i = 0; i < 50; ++i) {
    auto [client, server] = connected(GetParam());
    auto closed = in_background([&client] {
      say(client, "every byte counts");
      return std::move(client).close_gracefully(soon());
    });
    EXPECT_EQ(as_text(hear_all(server)), "every byte counts");
    {
      const auto done = std::move(server);
    }
    EXPECT_THAT(closed.get(), Succeeds());
  }
}

}  // namespace
}  // namespace portsock::tests
