// SPDX-License-Identifier: MIT

// What a poller tells when it is asked for edges. More than that is allowed: a mechanism that knows
// none tells for as long as a socket is ready.

#include <gtest/gtest.h>

#include <array>
#include <string>

#include <tests/support/mechanisms.hpp>
#include <tests/support/ports.hpp>
#include <tests/support/system.hpp>

namespace portsock::tests {
namespace {

class PollerEdge : public OnEachMechanism {
 protected:
  struct heard {
    std::string text;
    bool to_the_end;
  };
  /// What there is to read now, as who asked for edges reads it. The socket does not block.
  heard read_up(const readiness& told) {
    heard all{};
    for (;;) {
      const auto size = here.receive(buffer);
      if (!size) return all;
      if (*size == 0) return {all.text, true};
      for (const auto byte : std::span{buffer}.first(*size)) all.text += static_cast<char>(byte);
      if (*size < buffer.size() && !told.ended) return all;
    }
  }

  void SetUp() override {
    OnEachMechanism::SetUp();
    must(here.set_blocking(false));
  }

  connected_pair pair = connected(of);
  stream_socket& here = pair.here;
  stream_socket& there = pair.there;
  std::array<std::byte, 64> buffer{};
};
ON_EACH_MECHANISM(PollerEdge);

TEST_P(PollerEdge, IsToldThatWasThereBeforeTheSocketWasAdded) {
  say(there, "x");
  ASSERT_TRUE(can_receive(here));

  ASSERT_THAT(waiting.add(here, interest::receive, 7, trigger::edge), Succeeds());

  const auto found = only();
  EXPECT_EQ(found.token, 7u);
  EXPECT_TRUE(found.can_receive);
  EXPECT_FALSE(found.can_send) << "nobody asked";
  EXPECT_FALSE(found.failed);
  EXPECT_FALSE(found.ended);
}

TEST_P(PollerEdge, IsToldEachTimeThatSomethingCame) {
  ASSERT_THAT(waiting.add(here, interest::receive, 7, trigger::edge), Succeeds());
  EXPECT_TRUE(nothing_is_ready());

  for (const auto* text : {"one", "two", "three"}) {
    say(there, text);
    EXPECT_EQ(read_up(only()).text, text);
    EXPECT_TRUE(nothing_is_ready()) << "all of it was read";
  }
}

TEST_P(PollerEdge, IsToldWhenMoreComesThanWasRead) {
  ASSERT_THAT(waiting.add(here, interest::receive, 7, trigger::edge), Succeeds());
  say(there, "xy");
  EXPECT_TRUE(only().can_receive);
  EXPECT_EQ(hear(here, 1), "x");

  say(there, "z");

  EXPECT_TRUE(only().can_receive);
  EXPECT_EQ(hear(here, 2), "yz");
}

TEST_P(PollerEdge, LeadsToTheEndOfAStreamThatEndsBehindData) {
  say(there, "last");
  ASSERT_THAT(there.shutdown(direction::send), Succeeds());
  must(waiting.add(here, interest::receive, 7, trigger::edge));

  // A short read alone says nothing of the end that came with the data.
  heard all{};
  while (!all.to_the_end) {
    const auto found = only();
    ASSERT_TRUE(found.can_receive);
    EXPECT_FALSE(found.failed);
    const auto more = read_up(found);
    all = {all.text + more.text, more.to_the_end};
  }

  EXPECT_EQ(all.text, "last");
}

TEST_P(PollerEdge, SaysThatAConnectionWasReset) {
  must(waiting.add(here, interest::both, 7, trigger::edge));
  const auto before = must(waiting.wait(soon()));
  ASSERT_EQ(before.size(), 1u);
  EXPECT_TRUE(before.front().can_send);
  std::move(there).abort();

  auto found = only();
  while (!found.failed) found = only();

  EXPECT_TRUE(found.can_receive);
  EXPECT_TRUE(found.can_send);
  EXPECT_TRUE(found.ended);
  EXPECT_THAT(here.receive(buffer), FailsWith(errc::connection_reset));
}

TEST_P(PollerEdge, IsToldWhenThereIsRoomAgain) {
  must(waiting.add(here, interest::both, 7, trigger::edge));
  fill(here);
  while (!must(waiting.wait(deadline::now())).empty()) {
  }

  auto drained = in_background([&] { return hear_all(there).size(); });

  EXPECT_TRUE(only().can_send);
  ASSERT_THAT(here.shutdown(direction::send), Succeeds());
  EXPECT_GT(drained.get(), 0u);
}

TEST_P(PollerEdge, IsToldAgainAfterAChange) {
  must(waiting.add(here, interest::receive, 7, trigger::edge));
  say(there, "x");
  EXPECT_TRUE(only().can_receive);

  ASSERT_THAT(waiting.change(here, interest::both, 8, trigger::edge), Succeeds());

  const auto found = only();
  EXPECT_EQ(found.token, 8u);
  EXPECT_TRUE(found.can_receive);
  EXPECT_TRUE(found.can_send);
}

TEST_P(PollerEdge, BecomesALevelWhenItIsChangedToOne) {
  must(waiting.add(here, interest::receive, 7, trigger::edge));
  say(there, "x");
  EXPECT_TRUE(only().can_receive);

  ASSERT_THAT(waiting.change(here, interest::receive, 8), Succeeds());

  for (int i = 0; i < 3; ++i) EXPECT_EQ(only().token, 8u) << i;
}

TEST_P(PollerEdge, IsForgottenWhenTheSocketIsRemoved) {
  must(waiting.add(here, interest::receive, 7, trigger::edge));
  say(there, "x");
  ASSERT_TRUE(can_receive(here));

  ASSERT_THAT(waiting.remove(here), Succeeds());

  EXPECT_TRUE(nothing_is_ready());
  ASSERT_THAT(waiting.add(here, interest::receive, 8, trigger::edge), Succeeds());
  EXPECT_EQ(only().token, 8u) << "and comes back";
}

TEST_P(PollerEdge, OfAListenerIsToldForEachConnectionThatWaits) {
  auto listener = must(stream_listener::listen(loopback()));
  must(listener.set_blocking(false));
  must(waiting.add(listener, interest::receive, 7, trigger::edge));

  for (int i = 0; i < 3; ++i) {
    const auto client = must(stream_socket::connect(must(listener.local_endpoint()), soon()));
    EXPECT_TRUE(only().can_receive);
    EXPECT_THAT(listener.accept(), Succeeds());
  }
}

TEST_P(PollerEdge, IsToldOfAConnectThatWasRefused) {
  const closed_port closed{of};
  stream_socket socket{unique_handle{foreign_socket(of, kind::stream)}};
  must(socket.set_blocking(false));
  start_to_connect(socket.native(), closed.where());
  must(waiting.add(socket, interest::send, 7, trigger::edge));

  const auto found = only();

  EXPECT_TRUE(found.can_send);
  EXPECT_TRUE(found.failed);
}

TEST_P(PollerEdge, IsNotNeededToHearThatTheStreamEnded) {
  must(waiting.add(here, interest::receive, 7));
  say(there, "last");
  EXPECT_FALSE(only().ended);
  EXPECT_EQ(hear(here, 4), "last");

  ASSERT_THAT(there.shutdown(direction::send), Succeeds());

  EXPECT_TRUE(only().ended);
  EXPECT_TRUE(only().ended) << "and for as long as it is";
}

}  // namespace
}  // namespace portsock::tests
