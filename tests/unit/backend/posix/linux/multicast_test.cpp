// SPDX-License-Identifier: MIT
#include <gtest/gtest.h>

#include <tests/support/sockets.hpp>

#include "own_network.hpp"

namespace portsock::tests {
namespace {

using namespace literals;

TEST(Multicast, OfSomeSourcesIsNotTakenForThatOfAll) {
  const bool allowed = own_network::run([](own_network&) {
    for (const auto& [group, source] :
         {std::pair{"239.1.2.3"_ip, "127.0.0.1"_ip}, std::pair{"ff02::1:2"_ip, "::1"_ip}}) {
      auto socket = must(datagram_socket::bind({any(family_of(group)), 0}));
      const auto index = static_cast<std::uint32_t>(::if_nametoindex("lo"));
      ASSERT_THAT(socket.join(group, source, index), Succeeds());

      EXPECT_THAT(socket.join(group, index), FailsWith(errc::address_in_use));
      ASSERT_THAT(socket.leave(group, source, index), Succeeds());
      EXPECT_THAT(socket.join(group, index), Succeeds());
      EXPECT_THAT(socket.join(group, index), Succeeds()) << "as a whole, twice is once";
    }
  });
  if (!allowed) GTEST_SKIP() << "no network can be made here";
}

}  // namespace
}  // namespace portsock::tests
