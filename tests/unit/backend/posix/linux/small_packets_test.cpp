// SPDX-License-Identifier: MIT

// Ping sockets of small requests do not divide them, unless the user chose something.

#include <gtest/gtest.h>

#include <netinet/in.h>
#include <sys/socket.h>

#include <platform/icmp_batch.hpp>
#include <portsock/options.hpp>
#include <tests/support/matchers.hpp>
#include <tests/support/sockets.hpp>

namespace portsock::tests {
namespace {

int how_mtu_is_discovered(const datagram_socket& socket) {
  int how = -1;
  socklen_t size = sizeof how;
  ::getsockopt(static_cast<int>(socket.native()), IPPROTO_IP, IP_MTU_DISCOVER, &how, &size);
  return how;
}

TEST(SmallPackets, AreNotDivided) {
  auto socket = must(datagram_socket::bind({ipv4_address::loopback(), 0}));
  const int before = how_mtu_is_discovered(socket);

  platform::expect_small_packets(socket.native(), family::v4);

  // Where the system does not discover MTUs (net.ipv4.ip_no_pmtu_disc), nothing is forbidden.
  EXPECT_EQ(how_mtu_is_discovered(socket), before == IP_PMTUDISC_WANT ? IP_PMTUDISC_DO : before);
}

TEST(SmallPackets, AreDividedWhereThatWasAllowed) {
  auto socket = must(datagram_socket::bind({ipv4_address::loopback(), 0}));
  must(socket.set(options::dont_fragment, false));

  platform::expect_small_packets(socket.native(), family::v4);

  EXPECT_EQ(how_mtu_is_discovered(socket), IP_PMTUDISC_DONT);
}

}  // namespace
}  // namespace portsock::tests
