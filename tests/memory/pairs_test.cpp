// SPDX-License-Identifier: MIT

// What becomes of a stranger who knows where two ends are about to be joined over loopback.

#include <gtest/gtest.h>

#include <array>

#include <portsock/memory.hpp>
#include <portsock/stream_pair.hpp>
#include <tests/support/sockets.hpp>
#include <tests/support/system.hpp>

namespace portsock::tests {
namespace {

using memory::passing;

TEST(PairOverLoopback, IsNotJoinedByAStrangerWhoComesFirst) {
  memory::network net{11};
  net.set_time(passing::leaps);
  net.set_path(net.localhost(), net.localhost(), {.latency = 10ms});
  // Ports are given in turn: one to the stranger, and then one to the listener of the pair.
  const auto before = must(datagram_socket::bind({ipv4_address::loopback(), 0}));
  const endpoint meeting{ipv4_address::loopback(),
                         static_cast<std::uint16_t>(must(before.local_endpoint()).port + 2)};
  stream_socket stranger{unique_handle{foreign_socket(family::v4, kind::stream)}};
  must(stranger.set_blocking(false));
  start_to_connect(stranger.native(), meeting);
  // It is on its way, and arrives sooner than who sets out now.
  must(must(poller::create()).wait(deadline::in(5ms)));

  auto pair = must(stream_pair::create());

  ASSERT_EQ(must(pair.first.peer_endpoint()), meeting);
  say(pair.first, "to the second");
  EXPECT_EQ(hear(pair.second, 13), "to the second");
  std::array<std::byte, 4> room{};
  EXPECT_EQ(must(stranger.receive(room, soon())), 0u) << "it was connected, and turned away";
}

}  // namespace
}  // namespace portsock::tests
