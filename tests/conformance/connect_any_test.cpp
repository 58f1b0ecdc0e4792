// SPDX-License-Identifier: MIT
#include <gmock/gmock.h>

#include <array>

#include <portsock/waker.hpp>
#include <tests/support/full_listener.hpp>
#include <tests/support/on_each_family.hpp>
#include <tests/support/ports.hpp>
#include <tests/support/sockets.hpp>

namespace portsock::tests {
namespace {

/// Long enough that nothing begins because of it.
constexpr std::chrono::minutes far_apart{1};

class ConnectAny : public OnEachFamily {
 protected:
  stream_listener listener_ = must(stream_listener::listen(loopback()));
  endpoint open_ = must(listener_.local_endpoint());
  closed_port closed_{GetParam()};
};
ON_EACH_FAMILY(ConnectAny);

TEST_P(ConnectAny, TakesTheFirstThatAnswers) {
  const auto other = must(stream_listener::listen(loopback()));
  const std::array peers{open_, must(other.local_endpoint())};

  auto client = must(stream_socket::connect_any(peers, soon(), far_apart));

  EXPECT_EQ(must(client.peer_endpoint()), open_);
  auto server = must(listener_.accept(soon()));
  say(client, "hello");
  EXPECT_EQ(hear(server, 5), "hello");
}

TEST_P(ConnectAny, GoesOnAtOnceWhenOneRefuses) {
  const std::array peers{closed_.where(), open_};

  // The next would not begin in time otherwise.
  auto client = must(stream_socket::connect_any(peers, soon(), far_apart));

  EXPECT_EQ(must(client.peer_endpoint()), open_);
}

TEST_P(ConnectAny, BeginsTheNextBesideOneThatIsSilent) {
  const full_listener silent{loopback()};
  const std::array peers{silent.where(), open_};

  auto client = must(stream_socket::connect_any(peers, soon(), 1ms));

  EXPECT_EQ(must(client.peer_endpoint()), open_);
}

TEST_P(ConnectAny, SaysWhyTheLastOneFailed) {
  const closed_port other{GetParam()};
  const std::array peers{closed_.where(), other.where()};

  EXPECT_THAT(stream_socket::connect_any(peers, soon()), FailsWith(errc::connection_refused));
}

TEST_P(ConnectAny, GivesUpInTime) {
  const full_listener silent{loopback()};
  const std::array peers{silent.where(), silent.where()};

  EXPECT_THAT(stream_socket::connect_any(peers, shortly(), 1ms),
              FailsWith(full_listener::answer(errc::timed_out)));
}

TEST_P(ConnectAny, CanBeCancelled) {
  const full_listener silent{loopback()};
  const std::array peers{silent.where(), silent.where()};
  const auto stop = must(canceller::create());
  stop.cancel();

  EXPECT_THAT(stream_socket::connect_any(peers, soon().or_when(stop)),
              testing::AnyOf(FailsWith(errc::cancelled),
                             FailsWith(full_listener::answer(errc::cancelled))));
}

TEST_P(ConnectAny, NeedsSomebodyToConnectTo) {
  EXPECT_THAT(stream_socket::connect_any({}, soon()), FailsWith(errc::invalid_argument));
}

TEST_P(ConnectAny, CanComeFromAnAddressOfChoice) {
  const auto local = loopback();
  const std::array peers{closed_.where(), open_};

  auto client = must(stream_socket::connect_any(peers, soon(), far_apart, local));

  EXPECT_EQ(must(client.local_endpoint()).address, local.address);
}

TEST_P(ConnectAny, GivesASocketThatBlocks) {
  const std::array peers{closed_.where(), open_};
  auto client = must(stream_socket::connect_any(peers, soon(), far_apart));
  auto server = must(listener_.accept(soon()));

  auto waiting = in_background([&] { return hear(client, 4); });
  say(server, "late");

  EXPECT_EQ(waiting.get(), "late");
}

TEST(ConnectAnyFamily, TheOtherFamilyIsTriedWhenOneRefuses) {
  if (families_here().size() < 2) GTEST_SKIP() << "this host has one family";
  const closed_port closed{family::v6};
  const auto listener = must(stream_listener::listen({ipv4_address::loopback(), 0}));
  const auto open = must(listener.local_endpoint());
  const std::array peers{closed.where(), open};

  auto client = must(stream_socket::connect_any(peers, soon(), far_apart));

  EXPECT_EQ(must(client.peer_endpoint()), open);
}

}  // namespace
}  // namespace portsock::tests
