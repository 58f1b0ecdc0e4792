// SPDX-License-Identifier: MIT
#include <gtest/gtest.h>

#include <array>
#include <vector>

#include <portsock/waker.hpp>
#include <tests/support/full_listener.hpp>
#include <tests/support/on_each_family.hpp>
#include <tests/support/ports.hpp>
#include <tests/support/sockets.hpp>
#include <tests/support/system.hpp>

namespace portsock::tests {
namespace {

class Connect : public OnEachFamily {
 protected:
  static stream_listener listener_at(const endpoint& where) {
    return must(stream_listener::listen(where));
  }
};

ON_EACH_FAMILY(Connect);

TEST_P(Connect, ReachesAListener) {
  auto listener = listener_at(loopback());

  auto client = must(stream_socket::connect(must(listener.local_endpoint()), soon()));
  auto server = must(listener.accept(soon()));

  say(client, "hello");
  EXPECT_EQ(hear(server, 5), "hello");
}

TEST_P(Connect, WithoutADeadlineReachesAListener) {
  auto listener = listener_at(loopback());

  EXPECT_THAT(stream_socket::connect(must(listener.local_endpoint())), Succeeds());
}

TEST_P(Connect, MakesASocketThatBlocks) {
  auto [here, there] = connected(GetParam());
  std::array<std::byte, 8> buffer;

  auto received = in_background([&] { return here.receive(buffer); });
  say(there, "late");

  EXPECT_THAT(received.get(), Succeeds());
}

TEST_P(Connect, ToAClosedPortIsRefused) {
  const closed_port closed{GetParam()};

  EXPECT_THAT(stream_socket::connect(closed.where(), soon()), FailsWith(errc::connection_refused));
  EXPECT_THAT(stream_socket::connect(closed.where()), FailsWith(errc::connection_refused));
}

TEST_P(Connect, ToAClosedPortOfThisHostIsRefusedAtOnce) {
  const closed_port closed{GetParam()};

  const auto started = deadline::clock::now();
  EXPECT_THAT(stream_socket::connect(closed.where(), soon()), FailsWith(errc::connection_refused));
  EXPECT_LT(deadline::clock::now() - started, 1500ms) << "Windows would try for two seconds";
}

TEST_P(Connect, ToTheUnspecifiedAddressMeansLoopback) {
  auto listener = listener_at(loopback());
  const auto port = must(listener.local_endpoint()).port;

  const auto client = stream_socket::connect(wildcard(port), soon());

  ASSERT_THAT(client, Succeeds());
  EXPECT_EQ(must(client->peer_endpoint()), loopback(port));
}

TEST_P(Connect, ToWhereAWildcardListenerSaysItIsWorks) {
  auto listener = listener_at(wildcard());

  EXPECT_THAT(stream_socket::connect(must(listener.local_endpoint()), soon()), Succeeds());
}

TEST_P(Connect, ToPortZeroIsInvalid) {
  EXPECT_THAT(stream_socket::connect(loopback(0), soon()), FailsWith(errc::invalid_argument));
  EXPECT_THAT(stream_socket::connect(wildcard(0), soon()), FailsWith(errc::invalid_argument));
}

TEST_P(Connect, ToItselfIsRefused) {
  const auto port = must(listener_at(loopback()).local_endpoint());

  EXPECT_THAT(stream_socket::connect(port, soon(), port), FailsWith(errc::connection_refused));
}

TEST_P(Connect, GivesUpAtItsDeadline) {
  const full_listener busy{loopback()};

  const auto started = deadline::clock::now();
  EXPECT_THAT(stream_socket::connect(busy.where(), deadline::in(300ms)),
              FailsWith(full_listener::answer(errc::timed_out)));
  EXPECT_LT(deadline::clock::now() - started, 5s);
}

TEST_P(Connect, IsCancelledFromAnotherThread) {
  const full_listener busy{loopback()};
  const auto stop = must(canceller::create());

  auto outcome =
      in_background([&] { return stream_socket::connect(busy.where(), soon().or_when(stop)); });
  stop.cancel();

  EXPECT_THAT(outcome.get(), FailsWith(full_listener::answer(errc::cancelled)));
}

TEST_P(Connect, ThatHasNoTimeSaysSo) {
  auto listener = listener_at(loopback());

  const auto client = stream_socket::connect(must(listener.local_endpoint()), deadline::now());

  // A system may connect on the spot when the peer is this host.
  if (!client) {
    EXPECT_THAT(client, FailsWith(errc::timed_out));
  }
}

TEST_P(Connect, MayChooseTheLocalEndpoint) {
  auto listener = listener_at(loopback());
  const auto peer = must(listener.local_endpoint());
  const auto local = must(listener_at(loopback()).local_endpoint());  // free again at once

  const auto client = stream_socket::connect(peer, soon(), local);

  ASSERT_THAT(client, Succeeds());
  EXPECT_EQ(must(client->local_endpoint()), local);
  EXPECT_EQ(must(must(listener.accept(soon())).peer_endpoint()), local);
}

TEST_P(Connect, MayChooseTheLocalAddressAlone) {
  auto listener = listener_at(loopback());

  const auto client = stream_socket::connect(must(listener.local_endpoint()), soon(), loopback(0));

  ASSERT_THAT(client, Succeeds());
  EXPECT_EQ(must(client->local_endpoint()).address, loopback().address);
  EXPECT_NE(must(client->local_endpoint()).port, 0);
}

TEST_P(Connect, FromAnAddressOfAnotherHostIsNotPossible) {
  auto listener = listener_at(loopback());

  EXPECT_THAT(stream_socket::connect(must(listener.local_endpoint()), soon(), elsewhere()),
              FailsWith(errc::address_not_available));
}

TEST_P(Connect, FromAnEndpointThatIsTakenIsNotPossible) {
  auto listener = listener_at(loopback());
  auto other = listener_at(loopback());

  EXPECT_THAT(
      stream_socket::connect(must(listener.local_endpoint()), soon(), must(other.local_endpoint())),
      FailsWith(errc::address_in_use));
}

TEST_P(Connect, TwiceBetweenTheSameEndpointsIsNotPossible) {
  auto listener = listener_at(loopback());
  const auto peer = must(listener.local_endpoint());
  const auto first = must(stream_socket::connect(peer, soon(), loopback()));

  const auto second = stream_socket::connect(peer, soon(), must(first.local_endpoint()));

  ASSERT_FALSE(second);
  EXPECT_THAT(second.error().meaning(),
              testing::AnyOf(errc::address_in_use, errc::address_not_available));
}

TEST_P(Connect, IsNotDisturbedBySignals) {
  const full_listener busy{loopback()};
  auto listener = listener_at(loopback());
  signal_storm storm{2ms};

  EXPECT_THAT(stream_socket::connect(busy.where(), deadline::in(200ms)),
              FailsWith(full_listener::answer(errc::timed_out)));
  for (int i = 0; i < 100; ++i)
    EXPECT_THAT(stream_socket::connect(must(listener.local_endpoint())), Succeeds());

  EXPECT_EQ(storm.count() > 0, system().has_signals);
}

TEST_P(Connect, LeavesNothingOpenWhenItFails) {
  const closed_port closed{GetParam()};
  EXPECT_FALSE(stream_socket::connect(closed.where(), soon()));  // what is opened once stays

  const auto before = count_open_handles();
  for (int i = 0; i < 20; ++i) EXPECT_FALSE(stream_socket::connect(closed.where(), soon()));
  EXPECT_LT(count_open_handles(), before + 10);
}

// ---- by name

TEST(ConnectByName, FindsAListenerOnIPv4) {
  auto listener = must(stream_listener::listen({loopback(family::v4), 0}));
  const auto port = must(listener.local_endpoint()).port;

  EXPECT_THAT(stream_socket::connect("127.0.0.1", port, soon()), Succeeds());
  EXPECT_THAT(stream_socket::connect("localhost", port, soon()), Succeeds());
}

TEST(ConnectByName, GoesOnToTheAddressThatAnswers) {
  // "localhost" may come as ::1 first, where nobody listens.
  auto listener = must(stream_listener::listen({loopback(family::v4), 0}));

  const auto started = deadline::clock::now();
  EXPECT_THAT(stream_socket::connect("localhost", must(listener.local_endpoint()).port, soon()),
              Succeeds());
  EXPECT_LT(deadline::clock::now() - started, 2s);
}

TEST(ConnectByName, TellsWhyTheLastAddressFailed) {
  const closed_port closed{family::v4};

  EXPECT_THAT(stream_socket::connect("127.0.0.1", closed.where().port, soon()),
              FailsWith(errc::connection_refused));
}

TEST(ConnectByName, TellsWhyTheNameHasNoAddress) {
  EXPECT_THAT(stream_socket::connect("", 80, soon()), FailsWith(errc::invalid_argument));
  EXPECT_THAT(stream_socket::connect("127.1", 80, soon()), FailsWith(errc::invalid_argument));
}

TEST(ConnectByName, ToPortZeroIsInvalid) {
  EXPECT_THAT(stream_socket::connect("localhost", 0, soon()), FailsWith(errc::invalid_argument));
}

}  // namespace
}  // namespace portsock::tests
