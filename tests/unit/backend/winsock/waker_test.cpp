// SPDX-License-Identifier: MIT

// A waker is two datagram sockets on loopback here, where any program can send to them.

#include <gtest/gtest.h>

#include <platform/contract.hpp>
#include <portsock/waker.hpp>
#include <tests/support/sockets.hpp>

namespace portsock::tests {
namespace {

TEST(WakerOnLoopback, IsNotWokenByAStranger) {
  const auto woken = must(waker::create());
  const auto where = must(platform::local_endpoint(woken.native()));
  auto stranger = must(datagram_socket::bind({ipv4_address::loopback(), 0}));

  for (int i = 0; i != 10; ++i) static_cast<void>(stranger.send_to(as_bytes("x"), where));

  EXPECT_FALSE(can_receive(woken, shortly()));
  woken.wake();
  EXPECT_TRUE(can_receive(woken));
}

TEST(WakerOnLoopback, IsNotJoinedByAStranger) {
  const auto woken = must(waker::create());
  const auto where = must(platform::local_endpoint(woken.native()));
  const auto wakes_it = must(platform::peer_endpoint(woken.native()));

  EXPECT_THAT(datagram_socket::bind(where), FailsWith(errc::address_in_use));
  EXPECT_THAT(datagram_socket::bind(wakes_it), FailsWith(errc::address_in_use))
      << "who has the other end's address is heard";
}

}  // namespace
}  // namespace portsock::tests
