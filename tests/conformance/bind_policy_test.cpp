// SPDX-License-Identifier: MIT

// Who may share a port: one answer for what SO_REUSEADDR means on each system.

#include <gtest/gtest.h>

#include <array>

#include <tests/support/listeners.hpp>
#include <tests/support/on_each_family.hpp>
#include <tests/support/sockets.hpp>
#include <tests/support/system.hpp>

namespace portsock::tests {
namespace {

class ListenerPort : public OnEachFamily {
 protected:
  static endpoint at(const endpoint& where, const stream_listener& other) {
    return {where.address, must(other.local_endpoint()).port};
  }
};
ON_EACH_FAMILY(ListenerPort);

TEST_P(ListenerPort, IsTakenByOneListener) {
  const auto first = must(stream_listener::listen(loopback()));

  EXPECT_THAT(stream_listener::listen(at(loopback(), first)), FailsWith(errc::address_in_use));
}

TEST_P(ListenerPort, OfTheWildcardIsTakenOnEachAddress) {
  const auto first = must(stream_listener::listen(wildcard()));

  EXPECT_THAT(stream_listener::listen(at(wildcard(), first)), FailsWith(errc::address_in_use));
  EXPECT_TRUE(is_kept_apart_as_it_can(stream_listener::listen(at(loopback(), first))));
}

TEST_P(ListenerPort, OfOneAddressIsTakenOnTheWildcard) {
  const auto first = must(stream_listener::listen(loopback()));

  EXPECT_TRUE(is_kept_apart_as_it_can(stream_listener::listen(at(wildcard(), first))));
}

TEST_P(ListenerPort, IsFreeAgainOnceItsListenerIsClosed) {
  const auto where = must(must(stream_listener::listen(loopback())).local_endpoint());

  EXPECT_THAT(stream_listener::listen(where), Succeeds());
}

TEST_P(ListenerPort, CanBeTakenAgainWhileOldConnectionsLinger) {
  auto server = std::optional{must(stream_listener::listen(loopback()))};
  const auto where = must(server->local_endpoint());
  auto client = must(stream_socket::connect(where, soon()));
  auto served = must(server->accept(soon()));

  // The server closes first, so that its side is the one that lingers in TIME_WAIT.
  ASSERT_THAT(served.shutdown(direction::send), Succeeds());
  EXPECT_EQ(hear_all(client).size(), 0u);
  {
    const auto closed = std::move(client);
  }
  EXPECT_EQ(hear_all(served).size(), 0u);
  {
    const auto closed = std::move(served);
  }
  server.reset();

  EXPECT_THAT(stream_listener::listen(where), Succeeds());
}

TEST_P(ListenerPort, CanBeTakenAgainWhileAnOldConnectionLives) {
  auto server = std::optional{must(stream_listener::listen(loopback()))};
  const auto where = must(server->local_endpoint());
  auto client = must(stream_socket::connect(where, soon()));
  auto served = must(server->accept(soon()));
  server.reset();

  const auto restarted = stream_listener::listen(where);

  EXPECT_THAT(restarted, Succeeds());
  say(client, "old connections go on");
  EXPECT_EQ(hear(served, 21), "old connections go on");
}

TEST_P(ListenerPort, IsNotShared) {
  EXPECT_THAT(stream_listener::listen(loopback(), {.policy = bind_policy::shared}),
              FailsWith(errc::not_supported));
}

TEST_P(ListenerPort, IsBalancedOrTheSystemSaysThatItCannot) {
  const listen_options balanced{.policy = bind_policy::load_balanced};
  const auto first = stream_listener::listen(loopback(), balanced);
  if (!first) {
    EXPECT_THAT(first, FailsWith(errc::not_supported));
    return;
  }

  const auto where = must(first->local_endpoint());
  EXPECT_THAT(stream_listener::listen(where, balanced), Succeeds());
  EXPECT_THAT(stream_listener::listen(where), FailsWith(errc::address_in_use));
  EXPECT_THAT(stream_socket::connect(where, soon()), Succeeds());
}

TEST_P(ListenerPort, OfAnExclusiveListenerIsNotBalanced) {
  const auto first = must(stream_listener::listen(loopback()));

  const auto second =
      stream_listener::listen(at(loopback(), first), {.policy = bind_policy::load_balanced});

  ASSERT_FALSE(second);
  EXPECT_THAT(second.error().meaning(), testing::AnyOf(errc::address_in_use, errc::not_supported));
}

class DatagramPort : public OnEachFamily {
 protected:
  static endpoint at(const endpoint& where, const datagram_socket& other) {
    return {where.address, must(other.local_endpoint()).port};
  }
};
ON_EACH_FAMILY(DatagramPort);

TEST_P(DatagramPort, IsTakenByOneSocket) {
  const auto first = must(datagram_socket::bind(loopback()));

  EXPECT_THAT(datagram_socket::bind(at(loopback(), first)), FailsWith(errc::address_in_use));
}

TEST_P(DatagramPort, OfTheWildcardIsTakenOnEachAddress) {
  const auto first = must(datagram_socket::bind(wildcard()));

  EXPECT_THAT(datagram_socket::bind(at(loopback(), first)), FailsWith(errc::address_in_use));
}

TEST_P(DatagramPort, OfOneAddressIsTakenOnTheWildcard) {
  const auto first = must(datagram_socket::bind(loopback()));

  EXPECT_THAT(datagram_socket::bind(at(wildcard(), first)), FailsWith(errc::address_in_use));
}

TEST_P(DatagramPort, IsNotTakenFromItsOwnerBySharing) {
  const auto owner = must(datagram_socket::bind(loopback()));

  EXPECT_THAT(datagram_socket::bind(at(loopback(), owner), {.policy = bind_policy::shared}),
              FailsWith(errc::address_in_use));
}

TEST_P(DatagramPort, IsSharedByThoseWhoAgree) {
  const bind_options shared{.policy = bind_policy::shared};
  const auto first = must(datagram_socket::bind(wildcard(), shared));

  EXPECT_THAT(datagram_socket::bind(at(wildcard(), first), shared), Succeeds());
  EXPECT_THAT(datagram_socket::bind(at(wildcard(), first)), FailsWith(errc::address_in_use));
}

TEST_P(DatagramPort, IsBalancedOrTheSystemSaysThatItCannot) {
  const bind_options balanced{.policy = bind_policy::load_balanced};
  const auto first = datagram_socket::bind(loopback(), balanced);
  if (!first) {
    EXPECT_THAT(first, FailsWith(errc::not_supported));
    return;
  }

  EXPECT_THAT(datagram_socket::bind(at(loopback(), *first), balanced), Succeeds());
}

// ---- IPv6 sockets that take IPv4 too

class DualStack : public testing::Test {
 protected:
  void SetUp() override {
    if (families_here().size() < 2) GTEST_SKIP() << "this host has no IPv6";
    const auto probe = stream_listener::listen({ipv6_address::any(), 0}, {.dual_stack = true});
    if (!probe && probe.error() == errc::not_supported) GTEST_SKIP() << probe.error().message();
  }

  static stream_listener listener(bool dual_stack) {
    return must(stream_listener::listen({ipv6_address::any(), 0}, {.dual_stack = dual_stack}));
  }
  static endpoint on(family of, const stream_listener& other) {
    return {loopback(of), must(other.local_endpoint()).port};
  }
};

TEST_F(DualStack, ListenerTakesBothFamiliesAndTellsThemApart) {
  auto both = listener(true);

  for (const auto of : {family::v4, family::v6}) {
    const auto client = must(stream_socket::connect(on(of, both), soon()));
    const auto server = must(both.accept(soon()));
    EXPECT_EQ(must(server.peer_endpoint()), must(client.local_endpoint()));
    EXPECT_EQ(must(server.local_endpoint()), must(client.peer_endpoint()));
  }
}

TEST_F(DualStack, IsNotTheDefault) {
  const auto v6_alone = listener(false);

  EXPECT_TRUE(must(v6_alone.get(options::v6_only)));
  EXPECT_THAT(stream_socket::connect(on(family::v4, v6_alone), soon()),
              FailsWith(errc::connection_refused));
}

TEST_F(DualStack, ListenerLeavesNoRoomForOneOnIPv4) {
  const auto both = listener(true);

  EXPECT_FALSE(must(both.get(options::v6_only)));
  EXPECT_TRUE(is_kept_apart_as_it_can(stream_listener::listen(on(family::v4, both))));
  EXPECT_THAT(stream_listener::listen({ipv4_address::any(), on(family::v4, both).port}),
              FailsWith(errc::address_in_use));
}

TEST_F(DualStack, ListenerFindsNoRoomBesideOneOnIPv4) {
  const auto v4 = must(stream_listener::listen({ipv4_address::any(), 0}));

  EXPECT_THAT(stream_listener::listen({ipv6_address::any(), must(v4.local_endpoint()).port},
                                      {.dual_stack = true}),
              FailsWith(errc::address_in_use));
}

TEST_F(DualStack, IsNotNeededForOneListenerOfEachFamily) {
  const auto v6 = listener(false);

  EXPECT_THAT(stream_listener::listen({ipv4_address::any(), on(family::v4, v6).port}), Succeeds());
}

TEST_F(DualStack, DatagramSocketHearsAndAnswersBothFamilies) {
  auto both = must(datagram_socket::bind({ipv6_address::any(), 0}, {.dual_stack = true}));
  const auto port = must(both.local_endpoint()).port;
  std::array<std::byte, 16> buffer;

  for (const auto of : {family::v4, family::v6}) {
    auto client = must(datagram_socket::bind({loopback(of), 0}));
    must(client.send_to(as_bytes("question"), {loopback(of), port}));

    const auto got = must(both.receive_from(buffer, soon()));
    EXPECT_EQ(got.from, must(client.local_endpoint()));
    EXPECT_THAT(both.send_to(as_bytes("by name"), got.from), Succeeds());
    EXPECT_EQ(must(client.receive_from(buffer, soon())).size, 7u);
    EXPECT_THAT(both.send_to(as_bytes("by value"), got.from.to_endpoint()), Succeeds());
    EXPECT_EQ(must(client.receive_from(buffer, soon())).size, 8u);
  }
}

}  // namespace
}  // namespace portsock::tests
