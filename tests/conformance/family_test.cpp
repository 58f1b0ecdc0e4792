// SPDX-License-Identifier: MIT
#include <gtest/gtest.h>

#include <portsock/datagram_socket.hpp>

namespace portsock {
namespace {

// Every suite with v4 and v6 in its names lacks the v6 half where this one is skipped.
TEST(Host, SpeaksIPv6) {
  const auto probe = datagram_socket::bind({loopback(family::v6), 0});
  if (!probe) GTEST_SKIP() << "nothing is tested over IPv6: " << probe.error().message();
}

}  // namespace
}  // namespace portsock
