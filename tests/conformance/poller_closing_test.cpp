// SPDX-License-Identifier: MIT

// Sockets that go away while a poller knows them, and numbers that another socket gets.

#include <gtest/gtest.h>

#include <array>
#include <optional>
#include <utility>
#include <vector>

#include <tests/support/mechanisms.hpp>

namespace portsock::tests {
namespace {

class PollerClosing : public OnEachMechanism {
 protected:
  static void close(stream_socket& socket) { const auto closed = std::move(socket); }

  /// A new datagram socket that has this number; none if the system gives it to nobody soon.
  std::optional<datagram_socket> socket_with(native_handle number) {
    std::vector<datagram_socket> others;
    for (int tries = 0; tries < 64; ++tries) {
      others.push_back(must(datagram_socket::bind(loopback())));
      if (others.back().native() == number) return std::move(others.back());
    }
    return std::nullopt;
  }

  void tell(const datagram_socket& socket) {
    auto sender = must(datagram_socket::bind(loopback()));
    must(sender.send_to(as_bytes("x"), must(socket.local_endpoint())));
  }

  connected_pair pair = connected(of);
  stream_socket& here = pair.here;
  stream_socket& there = pair.there;
  std::array<std::byte, 64> buffer{};
};
ON_EACH_MECHANISM(PollerClosing);

TEST_P(PollerClosing, AWatchedSocketIsClosedWhenItIsClosed) {
  for (const auto when : {trigger::level, trigger::edge}) {
    auto [watched, peer] = connected(of);
    must(waiting.add(watched, interest::receive, 7, when));
    EXPECT_TRUE(nothing_is_ready());

    close(watched);

    EXPECT_EQ(must(peer.receive(buffer, soon())), 0u) << "the peer hears of it";
    EXPECT_TRUE(nothing_is_ready());
  }
}

TEST_P(PollerClosing, ARemovedSocketIsClosedWhenItIsClosed) {
  for (const auto when : {trigger::level, trigger::edge}) {
    auto [watched, peer] = connected(of);
    must(waiting.add(watched, interest::receive, 7, when));
    say(peer, "x");
    EXPECT_TRUE(only().can_receive);
    must(watched.receive(buffer));
    EXPECT_TRUE(nothing_is_ready());

    must(waiting.remove(watched));
    close(watched);

    EXPECT_EQ(must(peer.receive(buffer, soon())), 0u);
    EXPECT_TRUE(nothing_is_ready());
  }
}

TEST_P(PollerClosing, AClosedSocketHindersNoOther) {
  auto [other, peer] = connected(of);
  must(waiting.add(here, interest::both, 7));
  must(waiting.add(other, interest::receive, 8));
  EXPECT_EQ(only().token, 7u);

  close(here);

  EXPECT_TRUE(nothing_is_ready());
  say(peer, "x");
  EXPECT_EQ(only().token, 8u);
}

TEST_P(PollerClosing, ANumberIsFreeForTheNextSocket) {
  for (const auto when : {trigger::level, trigger::edge}) {
    auto [watched, peer] = connected(of);
    say(peer, "x");
    ASSERT_TRUE(can_receive(watched));
    must(waiting.add(watched, interest::receive, 7, when));
    const auto number = watched.native();

    must(waiting.remove(watched));
    close(watched);
    const auto next = socket_with(number);
    if (!next) GTEST_SKIP() << "this system gives the number to nobody";
    must(waiting.add(*next, interest::receive, 8, when));

    EXPECT_TRUE(nothing_is_ready()) << "what waited for the other says nothing of this one";
    tell(*next);
    EXPECT_EQ(only().token, 8u);
    must(waiting.remove(*next));
  }
}

TEST_P(PollerClosing, ANumberIsFreeThoughNobodyRemovedTheLastSocket) {
  for (const auto when : {trigger::level, trigger::edge}) {
    auto [watched, peer] = connected(of);
    must(waiting.add(watched, interest::receive, 7, when));
    const auto number = watched.native();

    close(watched);
    EXPECT_TRUE(nothing_is_ready());
    const auto next = socket_with(number);
    if (!next) GTEST_SKIP() << "this system gives the number to nobody";
    ASSERT_THAT(waiting.add(*next, interest::receive, 8, when), Succeeds());

    EXPECT_TRUE(nothing_is_ready());
    tell(*next);
    EXPECT_EQ(only().token, 8u);
    must(waiting.remove(*next));
  }
}

TEST_P(PollerClosing, ANumberThatIsUsedAtOnceIsNeverToldByItsOldToken) {
  say(there, "x");
  ASSERT_TRUE(can_receive(here));
  must(waiting.add(here, interest::receive, 7, trigger::edge));
  const auto number = here.native();

  close(here);
  const auto next = socket_with(number);
  if (!next) GTEST_SKIP() << "this system gives the number to nobody";
  // What knows sockets by number alone cannot tell that this is another one.
  if (auto added = waiting.add(*next, interest::receive, 8, trigger::edge); !added) {
    EXPECT_THAT(added, FailsWith(errc::invalid_argument));
    must(waiting.change(*next, interest::receive, 8, trigger::edge));
  }

  EXPECT_TRUE(nothing_is_ready());
  tell(*next);
  EXPECT_EQ(only().token, 8u);
}

TEST_P(PollerClosing, WhatIsRemovedBetweenTwoWaitsIsNotTold) {
  auto [other, peer] = connected(of);
  must(waiting.add(here, interest::receive, 7));
  must(waiting.add(other, interest::receive, 8));
  say(there, "x");
  say(peer, "x");
  ASSERT_TRUE(can_receive(here));
  ASSERT_TRUE(can_receive(other));
  ASSERT_FALSE(must(waiting.wait(soon())).empty());

  must(waiting.remove(here));

  for (int i = 0; i < 3; ++i) EXPECT_EQ(only().token, 8u) << i;
}

TEST_P(PollerClosing, AChangeIsWhatTheNextWaitGoesBy) {
  say(there, "x");
  ASSERT_TRUE(can_receive(here));
  must(waiting.add(here, interest::both, 7, trigger::edge));

  must(waiting.change(here, interest::send, 8));
  must(waiting.change(here, interest::receive, 9, trigger::edge));

  const auto found = only();
  EXPECT_EQ(found.token, 9u);
  EXPECT_TRUE(found.can_receive);
  EXPECT_FALSE(found.can_send);
}

TEST_P(PollerClosing, AnEndedPollerLeavesItsSocketsAsTheyWere) {
  {
    auto ended = must(poller::create(mechanism));
    must(ended.add(here, interest::both, 7));
    ASSERT_FALSE(must(ended.wait(soon())).empty());
  }
  must(waiting.add(here, interest::receive, 8));

  say(there, "x");

  EXPECT_EQ(only().token, 8u);
  EXPECT_EQ(hear(here, 1), "x");
  close(here);
  EXPECT_EQ(must(there.receive(buffer, soon())), 0u);
}

TEST_P(PollerClosing, APeerThatFinishedSaysNothingToWhoWaitsForRoom) {
  fill(here);
  ASSERT_THAT(there.shutdown(direction::send), Succeeds());
  ASSERT_TRUE(can_receive(here));

  for (const auto when : {trigger::level, trigger::edge}) {
    must(waiting.add(here, interest::send, 7, when));
    EXPECT_TRUE(nothing_is_ready());
    must(waiting.remove(here));
  }

  must(waiting.add(here, interest::send, 8));
  EXPECT_TRUE(nothing_is_ready());
  auto drained = in_background([&] { return hear_all(there).size(); });
  for (int i = 0; i < 3; ++i) {
    const auto found = only();
    EXPECT_EQ(found.token, 8u);
    EXPECT_TRUE(found.can_send);
  }
  ASSERT_THAT(here.shutdown(direction::send), Succeeds());
  EXPECT_GT(drained.get(), 0u);
}

}  // namespace
}  // namespace portsock::tests
