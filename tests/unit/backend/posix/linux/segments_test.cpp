// SPDX-License-Identifier: MIT
#include <gtest/gtest.h>

#include <netinet/in.h>
#include <sys/socket.h>

#include <tests/support/on_each_family.hpp>
#include <tests/support/sockets.hpp>
#include <tests/support/system.hpp>

namespace portsock::tests {
namespace {

/// The kernel computes no checksums for this socket, and so cuts nothing for it either (udp(7)).
void refuse_segments(native_handle s, family of) {
  constexpr int udp_no_check6_tx = 101;  // linux/udp.h
  const int on = 1;
  const auto level = of == family::v4 ? SOL_SOCKET : IPPROTO_UDP;
  const auto name = of == family::v4 ? SO_NO_CHECK : udp_no_check6_tx;
  ASSERT_EQ(::setsockopt(static_cast<int>(s), level, name, &on, sizeof on), 0);
}

/// Over IPv6 a datagram without a checksum arrives only where it is welcome (RFC 6936).
void welcome_no_checksums(native_handle s, family of) {
  constexpr int udp_no_check6_rx = 102;  // linux/udp.h
  const int on = 1;
  if (of == family::v4) return;
  ASSERT_EQ(::setsockopt(static_cast<int>(s), IPPROTO_UDP, udp_no_check6_rx, &on, sizeof on), 0);
}

class RefusedSegments : public OnEachFamily {};
ON_EACH_FAMILY(RefusedSegments);

TEST_P(RefusedSegments, AreSentSingly) {
  auto there = must(datagram_socket::bind(loopback()));
  auto here = must(datagram_socket::bind(loopback()));
  const auto to_there = must(there.local_endpoint());
  refuse_segments(here.native(), GetParam());
  welcome_no_checksums(there.native(), GetParam());
  const auto data = pattern(300);

  for (int i = 0; i != 2; ++i) {
    send_details how;
    if (system().carries_numbers_beside_datagrams) how.hop_limit = 9 + i;
    const auto sent = here.send_segments(data, 10, to_there, how);
    EXPECT_EQ(sent.count, 30u) << (sent.reason ? sent.reason->message() : "");
    EXPECT_FALSE(sent.offloaded);
  }
  EXPECT_EQ(here.send_segments(data, 9, to_there).count, 34u);

  std::array<std::byte, 64> room{};
  for (int i = 0; i != 94; ++i) {
    const auto got = must(there.receive_from(room, soon()));
    EXPECT_EQ(got.size, i < 60 ? 10u : i == 93 ? 3u : 9u);
  }
}

TEST_P(RefusedSegments, AreNotTriedAgainWithTheirSize) {
  auto there = must(datagram_socket::bind(loopback()));
  auto peer = must(connected_datagram_socket::connect(must(there.local_endpoint())));
  refuse_segments(peer.native(), GetParam());
  EXPECT_FALSE(peer.send_segments(pattern(100), 50).offloaded);

  const int off = 0;
  ASSERT_EQ(::setsockopt(static_cast<int>(peer.native()),
                         GetParam() == family::v4 ? SOL_SOCKET : IPPROTO_UDP,
                         GetParam() == family::v4 ? SO_NO_CHECK : 101, &off, sizeof off),
            0);
  EXPECT_FALSE(peer.send_segments(pattern(100), 50).offloaded);
  EXPECT_TRUE(peer.send_segments(pattern(100), 49).offloaded);
}

}  // namespace
}  // namespace portsock::tests
