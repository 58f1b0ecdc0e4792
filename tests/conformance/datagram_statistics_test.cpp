// SPDX-License-Identifier: MIT
#include <gtest/gtest.h>

#include <portsock/datagram_statistics.hpp>
#include <tests/support/on_each_family.hpp>
#include <tests/support/sockets.hpp>
#include <tests/support/system.hpp>

namespace portsock::tests {
namespace {

class DatagramStatistics : public OnEachFamily {};
ON_EACH_FAMILY(DatagramStatistics);

TEST_P(DatagramStatistics, CountWhatFoundNoRoom) {
  auto here = must(datagram_socket::bind(loopback()));
  const auto at_first = discarded_by(here);
  ASSERT_EQ(at_first.has_value(), system().counts_discarded_datagrams);
  if (!at_first) {
    EXPECT_EQ(at_first.error(), errc::not_supported);
    return;
  }
  EXPECT_EQ(*at_first, 0u);

  must(here.set(options::receive_buffer, 4096));
  auto there = must(datagram_socket::bind(loopback()));
  const auto data = pattern(1000);
  for (int i = 0; i != 1000; ++i) must(there.send_to(data, must(here.local_endpoint())));
  std::uint64_t received = 0;
  must(here.set_blocking(false));
  std::vector<std::byte> room(2000);
  while (here.receive_from(room)) ++received;
  EXPECT_EQ(must(discarded_by(here)) + received, 1000u);
}

}  // namespace
}  // namespace portsock::tests
