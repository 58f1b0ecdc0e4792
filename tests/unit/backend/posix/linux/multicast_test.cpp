// SPDX-License-Identifier: MIT
#include <gtest/gtest.h>

#include <tuple>

#include <tests/support/sockets.hpp>

#include "own_network.hpp"

namespace portsock::tests {
namespace {

using namespace literals;

TEST(Multicast, OfSomeSourcesIsNotTakenForThatOfAll) {
  bool has_sources = true;
  const bool allowed = own_network::run([&](own_network& network) {
    network.route_groups();
    const auto loopback_index = static_cast<std::uint32_t>(::if_nametoindex("lo"));
    for (const auto& [group, source, index] :
         {std::tuple{"239.1.2.3"_ip, "127.0.0.1"_ip, loopback_index},
          std::tuple{"239.1.2.3"_ip, "127.0.0.1"_ip, 0u},
          std::tuple{"ff02::1:2"_ip, "::1"_ip, loopback_index}}) {
      auto socket = must(datagram_socket::bind({any(family_of(group)), 0}));
      const auto joined = socket.join(group, source, index);
      has_sources = joined || joined.error() != errc::not_supported;
      if (!has_sources) return;
      ASSERT_THAT(joined, Succeeds());

      EXPECT_THAT(socket.join(group, index), FailsWith(errc::address_in_use));
      ASSERT_THAT(socket.leave(group, source, index), Succeeds());
      EXPECT_THAT(socket.join(group, index), Succeeds());
      EXPECT_THAT(socket.join(group, index), Succeeds()) << "as a whole, twice is once";
    }
  });
  if (!allowed) GTEST_SKIP() << "no network can be made here";
  if (!has_sources) GTEST_SKIP() << "this emulator has no groups by source";
}

}  // namespace
}  // namespace portsock::tests
