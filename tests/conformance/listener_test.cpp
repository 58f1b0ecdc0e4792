// SPDX-License-Identifier: MIT
#include <gtest/gtest.h>

#include <array>
#include <vector>

#include <tests/support/on_each_family.hpp>
#include <tests/support/sockets.hpp>
#include <tests/support/system.hpp>

namespace portsock::tests {
namespace {

class Listener : public OnEachFamily {
 protected:
  stream_socket client() const { return must(stream_socket::connect(where, soon())); }

  stream_listener listener = must(stream_listener::listen(loopback()));
  endpoint where = must(listener.local_endpoint());
  std::array<std::byte, 64> buffer{};
};
ON_EACH_FAMILY(Listener);

TEST_P(Listener, OnPortZeroIsGivenOne) {
  EXPECT_EQ(where.address, loopback().address);
  EXPECT_NE(where.port, 0);
}

TEST_P(Listener, AcceptsConnectionsInTheirOrder) {
  const auto first = client();
  const auto second = client();

  EXPECT_EQ(must(must(listener.accept(soon())).peer_endpoint()), must(first.local_endpoint()));
  EXPECT_EQ(must(must(listener.accept(soon())).peer_endpoint()), must(second.local_endpoint()));
}

TEST_P(Listener, BlocksUntilAConnectionComes) {
  auto accepted = in_background([&] { return listener.accept(); });
  const auto connected = client();

  EXPECT_THAT(accepted.get(), Succeeds());
}

TEST_P(Listener, ThatDoesNotBlockSaysThatNobodyCame) {
  ASSERT_THAT(listener.set_blocking(false), Succeeds());

  EXPECT_THAT(listener.accept(), FailsWith(errc::would_block));
}

TEST_P(Listener, TakesConnectionsThatWaitedBeforeItAsked) {
  auto early = client();
  say(early, "hello");

  auto accepted = must(listener.accept(soon()));

  EXPECT_EQ(hear(accepted, 5), "hello");
}

TEST_P(Listener, MakesSocketsThatBlockThoughItDoesNotItself) {
  ASSERT_THAT(listener.set_blocking(false), Succeeds());
  auto peer = client();
  ASSERT_TRUE(can_receive(listener));
  auto accepted = must(listener.accept());

  auto received = in_background([&] { return accepted.receive(buffer); });
  say(peer, "late");

  EXPECT_THAT(received.get(), Succeeds());
}

TEST_P(Listener, MakesSocketsThatBlockAfterADeadlineToo) {
  ASSERT_THAT(listener.set_blocking(false), Succeeds());
  auto peer = client();
  auto accepted = must(listener.accept(soon()));

  auto received = in_background([&] { return accepted.receive(buffer); });
  say(peer, "late");

  EXPECT_THAT(received.get(), Succeeds());
}

TEST_P(Listener, PassesOverConnectionsThatDiedInTheQueue) {
  {
    auto dead = client();
    std::move(dead).abort();
  }
  auto alive = client();
  say(alive, "!");

  // Systems that hand the dead one out say with its first read what became of it.
  for (;;) {
    auto accepted = must(listener.accept(soon()));
    const auto size = accepted.receive(buffer, soon());
    if (size) {
      EXPECT_EQ(as_text(const_bytes{buffer}.first(*size)), "!");
      break;
    }
    ASSERT_THAT(size, FailsWith(errc::connection_reset));
  }
}

TEST_P(Listener, AndItsConnectionsAreNotInherited) {
  const auto peer = client();
  const auto accepted = must(listener.accept(soon()));

  EXPECT_FALSE(is_inheritable(listener.native()));
  EXPECT_FALSE(is_inheritable(peer.native()));
  EXPECT_FALSE(is_inheritable(accepted.native()));
}

TEST_P(Listener, IsReadyWhenAConnectionWaits) {
  EXPECT_FALSE(can_receive(listener, deadline::now()));

  const auto peer = client();

  EXPECT_TRUE(can_receive(listener));
}

TEST_P(Listener, ServesSeveralThreads) {
  ASSERT_THAT(listener.set_blocking(false), Succeeds());
  const auto accept_five = [&] {
    int accepted = 0;
    while (accepted < 5 && listener.accept(soon())) ++accepted;
    return accepted;
  };
  auto one = in_background(accept_five);
  auto two = in_background(accept_five);

  std::vector<stream_socket> clients;
  for (int i = 0; i < 10; ++i) clients.push_back(client());

  EXPECT_EQ(one.get(), 5);
  EXPECT_EQ(two.get(), 5);
}

TEST_P(Listener, WithTheLongestQueueHoldsManyConnections) {
  std::vector<stream_socket> clients;
  for (int i = 0; i < 100; ++i) clients.push_back(client());

  for (int i = 0; i < 100; ++i) EXPECT_THAT(listener.accept(soon()), Succeeds());
}

TEST_P(Listener, TakesAShortQueueForAHint) {
  auto modest = must(stream_listener::listen(loopback(), {.backlog = 1}));

  const auto peer = must(stream_socket::connect(must(modest.local_endpoint()), soon()));

  EXPECT_THAT(modest.accept(soon()), Succeeds());
}

TEST_P(Listener, ThatIsClosedRefusesConnections) {
  {
    const auto closed = std::move(listener);
  }

  EXPECT_THAT(stream_socket::connect(where, soon()), FailsWith(errc::connection_refused));
}

TEST_P(Listener, NeedsAnAddressOfThisHost) {
  EXPECT_THAT(stream_listener::listen(elsewhere()), FailsWith(errc::address_not_available));
}

}  // namespace
}  // namespace portsock::tests
