// SPDX-License-Identifier: MIT

// The promises of the porting guide, one by one, and in its order. Each is tested here at its
// heart; the suites beside this one go into the corners.

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <array>
#include <limits>
#include <optional>
#include <type_traits>
#include <vector>

#include <portsock/icmp_socket.hpp>
#include <portsock/interfaces.hpp>
#include <portsock/resolver.hpp>
#include <portsock/waker.hpp>
#include <tests/support/listeners.hpp>
#include <tests/support/on_each_family.hpp>
#include <tests/support/ports.hpp>
#include <tests/support/sockets.hpp>
#include <tests/support/system.hpp>

namespace portsock::tests {
namespace {

using namespace literals;
using testing::AnyOf;

class Promise : public OnEachFamily {
 protected:
  connected_pair pair = connected(GetParam());
  stream_socket& here = pair.here;
  stream_socket& there = pair.there;
  std::array<std::byte, 64> buffer{};
};

using Promise01 = testing::Test;
TEST_F(Promise01, TheFirstSocketStartsTheNetworkOnWhicheverThreadItIs) {
  std::vector<std::future<bool>> all;
  for (int i = 0; i < 4; ++i)
    all.push_back(in_background(
        [] { return datagram_socket::bind({ipv4_address::loopback(), 0}).has_value(); }));

  for (auto& each : all) EXPECT_TRUE(each.get());
}

using Promise02 = Promise;
ON_EACH_FAMILY(Promise02);
TEST_P(Promise02, AHandleHasOneOwnerNoHeirAndRaisesNoSignal) {
  static_assert(!std::is_copy_constructible_v<stream_socket>);
  static_assert(static_cast<std::intptr_t>(native_handle::invalid) == -1);
  restore_signals();

  EXPECT_FALSE(is_inheritable(here.native()));
  EXPECT_FALSE(is_inheritable(there.native()));
  {
    const auto closed = std::move(there);
  }
  while (here.send(as_bytes("x"), soon())) continue;
  const auto moved = std::move(here);
  EXPECT_EQ(here.native(), native_handle::invalid);  // NOLINT(bugprone-use-after-move): promised
}

using Promise03 = Promise;
ON_EACH_FAMILY(Promise03);
TEST_P(Promise03, ErrorsAreReturnedInOneVocabularyAndKeepTheNativeName) {
  const closed_port closed{GetParam()};

  const auto refused = stream_socket::connect(closed.where(), soon());

  ASSERT_THAT(refused, FailsWith(errc::connection_refused));
  EXPECT_TRUE(refused.error().code() == std::errc::connection_refused);
  EXPECT_EQ(refused.error().domain(), error_domain::system);
  EXPECT_THAT(refused.error().message(),
              AnyOf("connection refused (ECONNREFUSED)", "connection refused (WSAECONNREFUSED)"));
}

using Promise04 = Promise;
ON_EACH_FAMILY(Promise04);
TEST_P(Promise04, ACallWithADeadlineEndsByItselfOrIsCancelledAndTheSocketGoesOn) {
  const auto stop = must(canceller::create());

  EXPECT_THAT(here.receive(buffer, shortly()), FailsWith(errc::timed_out));
  auto waiting = in_background([&] { return here.receive(buffer, soon().or_when(stop)); });
  stop.cancel();
  EXPECT_THAT(waiting.get(), FailsWith(errc::cancelled));

  say(there, "goes on");
  EXPECT_EQ(hear(here, 7), "goes on");
}

using Promise05 = Promise;
ON_EACH_FAMILY(Promise05);
TEST_P(Promise05, SignalsInterruptNothing) {
  signal_storm storm{2ms};
  const auto started = deadline::clock::now();

  EXPECT_THAT(here.receive(buffer, deadline::in(150ms)), FailsWith(errc::timed_out));
  EXPECT_GE(deadline::clock::now() - started, 150ms);

  // Where there are no signals, there is nothing to interrupt anybody.
  EXPECT_EQ(storm.count() > 0, system().has_signals);
}

using Promise06 = Promise;
ON_EACH_FAMILY(Promise06);
TEST_P(Promise06, AConnectHasOneResultAndTheSameForTheSameDestination) {
  const auto listener = must(stream_listener::listen(wildcard()));
  const auto port = must(listener.local_endpoint()).port;
  const closed_port closed{GetParam()};

  EXPECT_THAT(stream_socket::connect(loopback(port), soon()), Succeeds());
  EXPECT_THAT(stream_socket::connect(wildcard(port), soon()), Succeeds());
  EXPECT_THAT(stream_socket::connect(closed.where(), soon()), FailsWith(errc::connection_refused));
  EXPECT_THAT(stream_socket::connect(loopback(0), soon()), FailsWith(errc::invalid_argument));
}

using Promise07 = Promise;
ON_EACH_FAMILY(Promise07);
TEST_P(Promise07, AnAcceptedSocketBlocksWhateverTheListenerDoes) {
  auto listener = must(stream_listener::listen(loopback()));
  must(listener.set_blocking(false));
  auto client = must(stream_socket::connect(must(listener.local_endpoint()), soon()));
  auto accepted = must(listener.accept(soon()));

  auto received = in_background([&] { return accepted.receive(buffer); });
  say(client, "late");

  EXPECT_THAT(received.get(), Succeeds());
  EXPECT_FALSE(is_inheritable(accepted.native()));
}

using Promise08 = Promise;
ON_EACH_FAMILY(Promise08);
TEST_P(Promise08, NobodyTakesAListenersPortAndItRestartsAtOnce) {
  auto listener = std::optional{must(stream_listener::listen(loopback()))};
  const auto where = must(listener->local_endpoint());
  auto client = must(stream_socket::connect(where, soon()));
  auto served = must(listener->accept(soon()));

  EXPECT_THAT(stream_listener::listen(where), FailsWith(errc::address_in_use));
  EXPECT_TRUE(is_kept_apart_as_it_can(stream_listener::listen(wildcard(where.port))));

  must(served.shutdown(direction::send));
  EXPECT_TRUE(hear_all(client).empty());
  listener.reset();
  EXPECT_THAT(stream_listener::listen(where), Succeeds());
}

using Promise09 = testing::Test;
TEST_F(Promise09, AnIPv6ListenerTakesIPv4WhenAskedToAndShowsPeersAsIPv4) {
  auto both = stream_listener::listen({ipv6_address::any(), 0}, {.dual_stack = true});
  if (!both) GTEST_SKIP() << "no dual stack here: " << both.error().message();
  const auto port = must(both->local_endpoint()).port;

  const auto client = must(stream_socket::connect({ipv4_address::loopback(), port}, soon()));
  const auto server = must(both->accept(soon()));

  EXPECT_EQ(must(server.peer_endpoint()), must(client.local_endpoint()));
  EXPECT_EQ(family_of(must(server.peer_endpoint()).address), family::v4);
}

using Promise10 = Promise;
ON_EACH_FAMILY(Promise10);
TEST_P(Promise10, ZeroBytesAreTheEndAndAResetStaysAReset) {
  must(there.shutdown(direction::send));
  EXPECT_EQ(must(here.receive(buffer, soon())), 0u);

  auto [client, server] = connected(GetParam());
  std::move(server).abort();
  for (int i = 0; i < 3; ++i)
    EXPECT_THAT(client.receive(buffer, soon()), FailsWith(errc::connection_reset)) << i;
}

using Promise11 = Promise;
ON_EACH_FAMILY(Promise11);
TEST_P(Promise11, SendingSaysHowMuchWentAlsoWhenTheTimeRanOut) {
  const auto sent = here.send_all(pattern(50'000'000), deadline::in(100ms));
  ASSERT_THAT(sent, FailsWith(errc::timed_out));
  must(here.shutdown(direction::send));

  EXPECT_EQ(hear_all(there).size(), sent.size);
}

using Promise12 = Promise;
ON_EACH_FAMILY(Promise12);
TEST_P(Promise12, ClosingIsGracefulOrAbortiveAndThePeerCanTell) {
  say(here, "all of it");
  auto closed = in_background([&] { return std::move(here).close_gracefully(soon()); });
  EXPECT_EQ(as_text(hear_all(there)), "all of it");
  {
    const auto done = std::move(there);
  }
  EXPECT_THAT(closed.get(), Succeeds());

  auto [client, server] = connected(GetParam());
  must(client.set(options::close_mode, close_mode::abortive));
  {
    const auto gone = std::move(client);
  }
  EXPECT_THAT(server.receive(buffer, soon()), FailsWith(errc::connection_reset));
}

using Promise13 = Promise;
ON_EACH_FAMILY(Promise13);
TEST_P(Promise13, ShuttingDownReceivingIsLocal) {
  must(here.shutdown(direction::receive));
  say(there, "the peer is told nothing");

  EXPECT_EQ(must(here.receive(buffer, soon())), 0u);
  say(there, "and may go on");
}

using Promise14 = Promise;
ON_EACH_FAMILY(Promise14);
TEST_P(Promise14, TheEndOfAStreamIsReadableAndARefusedConnectIsWritableAndFailed) {
  must(there.shutdown(direction::send));
  EXPECT_TRUE(can_receive(here));

  const closed_port closed{GetParam()};
  stream_socket refused{unique_handle{foreign_socket(GetParam(), kind::stream)}};
  must(refused.set_blocking(false));
  start_to_connect(refused.native(), closed.where());
  const auto found = ready(refused, interest::send);
  ASSERT_TRUE(found);
  EXPECT_TRUE(found->can_send && found->failed);
}

using Promise15 = Promise;
ON_EACH_FAMILY(Promise15);
TEST_P(Promise15, ADatagramTellsItsSizeSourceAndCutAndNoFailureOfAnEarlierOne) {
  auto socket = must(datagram_socket::bind(loopback()));
  const auto own = must(socket.local_endpoint());
  must(socket.send_to(as_bytes("lost"), closed_datagram_port(GetParam())));
  must(socket.send_to(as_bytes("0123456789"), own));

  std::array<std::byte, 4> room{};
  const auto got = must(socket.receive_from(room, soon()));

  EXPECT_TRUE(got.truncated);
  EXPECT_EQ(got.size, 4u);
  EXPECT_EQ(got.from, own);
  EXPECT_EQ(as_text(room), "0123");
}

using Promise16 = Promise;
ON_EACH_FAMILY(Promise16);
TEST_P(Promise16, AnEmptyDatagramIsDataAndPortZeroNoDestination) {
  auto socket = must(datagram_socket::bind(loopback()));

  must(socket.send_to(const_bytes{}, must(socket.local_endpoint())));
  EXPECT_EQ(must(socket.receive_from(buffer, soon())).size, 0u);
  EXPECT_THAT(socket.send_to(as_bytes("x"), loopback(0)), FailsWith(errc::invalid_argument));
}

}  // namespace
}  // namespace portsock::tests
