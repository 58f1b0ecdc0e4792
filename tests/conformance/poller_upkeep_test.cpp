// SPDX-License-Identifier: MIT

// What a poller keeps straight while sockets, threads and cancellers come and go.

#include <gtest/gtest.h>

#include <array>
#include <optional>
#include <set>
#include <thread>
#include <vector>

#include <portsock/waker.hpp>
#include <tests/support/mechanisms.hpp>
#include <tests/support/sockets.hpp>

namespace portsock::tests {
namespace {

class PollerUpkeep : public OnEachMechanism {
 protected:
  datagram_socket fresh_socket() { return must(datagram_socket::bind(loopback())); }
  void send_to(const datagram_socket& receiver) {
    must(sender.send_to(as_bytes("x"), must(receiver.local_endpoint())));
  }
  /// The tokens that `waits` waits tell, nothing more being sent.
  std::set<std::uint64_t> told_within(int waits) {
    std::set<std::uint64_t> tokens;
    for (int i = 0; i < waits; ++i)
      for (const auto& each : must(waiting.wait(shortly()))) tokens.insert(each.token);
    return tokens;
  }

  datagram_socket sender = fresh_socket();
  datagram_socket watched = fresh_socket();
  std::array<std::byte, 64> buffer{};
};
ON_EACH_MECHANISM(PollerUpkeep);

TEST_P(PollerUpkeep, TakesAWiderInterestInASocketThatIsQuiet) {
  must(waiting.add(watched, interest::receive, 7));
  EXPECT_TRUE(nothing_is_ready());

  must(waiting.change(watched, interest::both, 8));

  const auto found = only();
  EXPECT_EQ(found.token, 8u);
  EXPECT_TRUE(found.can_send);
  EXPECT_FALSE(found.can_receive);
}

TEST_P(PollerUpkeep, TakesANarrowerInterestInASocketThatIsQuiet) {
  auto [here, there] = connected(of);
  fill(here);
  must(waiting.add(here, interest::both, 7));
  EXPECT_TRUE(nothing_is_ready());

  must(waiting.change(here, interest::receive, 8));
  auto drained = in_background([&] { return hear_all(there).size(); });
  EXPECT_TRUE(nothing_is_ready()) << "room comes, and nobody asked";

  must(here.shutdown(direction::send));
  EXPECT_GT(drained.get(), 0u);
}

TEST_P(PollerUpkeep, TellsTheLastTokenOfManyChanges) {
  must(waiting.add(watched, interest::receive, 0));
  for (std::uint64_t token = 1; token <= 100; ++token) {
    must(waiting.change(watched, token % 2 == 0 ? interest::receive : interest::both, token));
    if (token % 10 == 0) {
      EXPECT_TRUE(must(waiting.wait(deadline::now())).empty()) << token;
    }
  }
  send_to(watched);

  EXPECT_EQ(only().token, 100u);
}

TEST_P(PollerUpkeep, ForgetsASocketThatIsRemovedWhileQuietAndTakesItAgainAtOnce) {
  must(waiting.add(watched, interest::receive, 7));
  EXPECT_TRUE(nothing_is_ready());

  must(waiting.remove(watched));
  must(waiting.add(watched, interest::receive, 8));
  send_to(watched);

  EXPECT_EQ(told_within(3), std::set<std::uint64_t>{8});
}

TEST_P(PollerUpkeep, TakesAndForgetsASocketAnyNumberOfTimes) {
  for (std::uint64_t token = 1; token <= 1000; ++token) {
    must(waiting.add(watched, interest::receive, token));
    if (token % 4 == 0) {
      EXPECT_TRUE(must(waiting.wait(deadline::now())).empty());
    }
    must(waiting.remove(watched));
  }
  must(waiting.add(watched, interest::receive, 7));
  send_to(watched);

  EXPECT_EQ(only().token, 7u);
}

TEST_P(PollerUpkeep, ForgetsWhatWasToldAndNotDealtWithWhenItIsRemoved) {
  must(waiting.add(watched, interest::receive, 7));
  send_to(watched);
  EXPECT_TRUE(only().can_receive);

  must(waiting.remove(watched));
  EXPECT_TRUE(nothing_is_ready());
  must(waiting.add(watched, interest::receive, 8));

  EXPECT_EQ(only().token, 8u) << "it is still there";
}

TEST_P(PollerUpkeep, TellsNothingThatWasDealtWithBeforeTheWait) {
  must(waiting.add(watched, interest::receive, 7));
  EXPECT_TRUE(nothing_is_ready());
  send_to(watched);
  ASSERT_TRUE(can_receive(watched));
  EXPECT_EQ(must(watched.receive_from(buffer)).size, 1u);

  EXPECT_TRUE(nothing_is_ready()) << "a receive would wait";
  send_to(watched);
  EXPECT_EQ(only().token, 7u);
}

TEST_P(PollerUpkeep, GoesOnWhenASocketWasClosedAndNotRemoved) {
  auto closed_while_quiet = std::optional{fresh_socket()};
  auto closed_when_told = std::optional{fresh_socket()};
  must(waiting.add(*closed_while_quiet, interest::receive, 1));
  must(waiting.add(*closed_when_told, interest::receive, 2));
  must(waiting.add(watched, interest::receive, 3));
  send_to(*closed_when_told);
  EXPECT_EQ(only().token, 2u);

  closed_while_quiet.reset();
  closed_when_told.reset();
  send_to(watched);

  EXPECT_TRUE(told_within(5).contains(3u));
  must(waiting.remove(watched));
}

TEST_P(PollerUpkeep, SharesASocketWithAnotherPoller) {
  auto other = must(poller::create(mechanism));
  must(waiting.add(watched, interest::receive, 7));
  must(other.add(watched, interest::receive, 8));
  EXPECT_TRUE(nothing_is_ready());
  EXPECT_TRUE(must(other.wait(shortly())).empty());

  send_to(watched);

  EXPECT_EQ(only().token, 7u);
  const auto found = must(other.wait(soon()));
  ASSERT_EQ(found.size(), 1u);
  EXPECT_EQ(found.front().token, 8u);
}

TEST_P(PollerUpkeep, OutlivesTheThreadThatFilledIt) {
  std::thread{[&] {
    must(waiting.add(watched, interest::receive, 7));
    EXPECT_TRUE(nothing_is_ready());
  }}.join();
  EXPECT_TRUE(nothing_is_ready());

  send_to(watched);

  EXPECT_EQ(only().token, 7u);
}

TEST_P(PollerUpkeep, LeavesTheSocketsAloneWhenItEnds) {
  {
    auto ended = must(poller::create(mechanism));
    must(ended.add(watched, interest::receive, 7));
    EXPECT_TRUE(must(ended.wait(shortly())).empty());
  }
  must(waiting.add(watched, interest::receive, 8));
  send_to(watched);

  EXPECT_EQ(only().token, 8u);
  EXPECT_EQ(must(watched.receive_from(buffer)).size, 1u);
}

TEST_P(PollerUpkeep, LetsThoseThatAreAlwaysReadyHideNobody) {
  std::vector<datagram_socket> busy;
  for (std::uint64_t token = 1; token <= 400; ++token) {
    busy.push_back(fresh_socket());
    must(waiting.add(busy.back(), interest::send, token));
  }
  must(waiting.add(watched, interest::receive, 0));
  EXPECT_EQ(told_within(10).size(), busy.size()) << "each of them";

  send_to(watched);

  EXPECT_TRUE(told_within(10).contains(0u));
}

TEST_P(PollerUpkeep, FollowsTheCancellerOfEachWait) {
  must(waiting.add(watched, interest::receive, 7));
  for (int i = 0; i < 3; ++i) {
    // Each is closed at the end of its turn, and the next is likely to get its number.
    const auto stop = must(canceller::create());
    EXPECT_TRUE(must(waiting.wait(shortly().or_when(stop))).empty());
    auto outcome = in_background([&] { return waiting.wait(soon().or_when(stop)); });
    stop.cancel();
    EXPECT_THAT(outcome.get(), FailsWith(errc::cancelled)) << i;
  }
  EXPECT_TRUE(nothing_is_ready());
}

TEST_P(PollerUpkeep, IgnoresACancellerOfEarlierWaits) {
  const auto stop = must(canceller::create());
  must(waiting.add(watched, interest::receive, 7));
  EXPECT_TRUE(must(waiting.wait(shortly().or_when(stop))).empty());

  stop.cancel();

  EXPECT_TRUE(nothing_is_ready());
  EXPECT_THAT(waiting.wait(soon().or_when(stop)), FailsWith(errc::cancelled));
  send_to(watched);
  EXPECT_EQ(only().token, 7u);
}

TEST_P(PollerUpkeep, TellsWhatIsReadyBeforeItSaysThatItWasCancelled) {
  const auto stop = must(canceller::create());
  stop.cancel();
  must(waiting.add(watched, interest::send, 7));

  const auto found = must(waiting.wait(soon().or_when(stop)));

  ASSERT_EQ(found.size(), 1u);
  EXPECT_EQ(found.front().token, 7u);
}

}  // namespace
}  // namespace portsock::tests
