// SPDX-License-Identifier: MIT
#include <gtest/gtest.h>

#include <array>

#include <platform/winsock/native.hpp>
#include <tests/support/sockets.hpp>

namespace portsock::tests {
namespace {

TEST(Startup, OutlivesTheCleanUpOfOthers) {
  auto [here, there] = connected(family::v4);
  for (const WORD version : {MAKEWORD(1, 1), MAKEWORD(2, 2)}) {
    WSADATA data;
    ASSERT_EQ(::WSAStartup(version, &data), 0);
    ASSERT_EQ(::WSACleanup(), 0);

    say(here, "still here");
    EXPECT_EQ(hear(there, 10), "still here");
    EXPECT_THAT(datagram_socket::bind({ipv6_address::loopback(), 0}), Succeeds());
  }
}

}  // namespace
}  // namespace portsock::tests
