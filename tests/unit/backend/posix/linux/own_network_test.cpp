// SPDX-License-Identifier: MIT

// What only a network with known addresses and a known MTU can show.

#include <gtest/gtest.h>

#include <netinet/tcp.h>

#include <algorithm>
#include <array>
#include <cstdlib>

#include <portsock/datagram_receiver.hpp>
#include <portsock/interface_watch.hpp>
#include <tests/support/sockets.hpp>
#include <tests/support/system.hpp>

#include "own_network.hpp"

namespace portsock::tests {
namespace {

using namespace literals;

TEST(OwnNetwork, AnswersFromEachOfItsAddresses) {
  const std::array addresses{"2001:db8::1"_ip, "2001:db8::2"_ip, "2001:db8::3"_ip};
  bool has_addresses = true;
  const bool allowed = own_network::run([&](own_network& network) {
    has_addresses = std::ranges::all_of(
        addresses, [&](const auto& one) { return network.add(std::get<ipv6_address>(one)); });
    if (!has_addresses) return;
    auto server = must(datagram_socket::bind({ipv6_address::any(), 0}));
    must(server.report({.destination = true}));
    const auto port = must(server.local_endpoint()).port;
    std::array<std::byte, 16> buffer{};

    for (const auto& from : addresses)
      for (const auto& to : addresses) {
        auto client = must(connected_datagram_socket::connect({to, port}, endpoint{from, 0}));
        ASSERT_THAT(client.send(as_bytes("?")), Succeeds());
        const auto got = must(server.receive_in_detail(buffer, soon()));
        EXPECT_EQ(got.details.destination, to);
        ASSERT_THAT(server.send_to(as_bytes("!"), got.from, answer_to(got.details)), Succeeds());
        EXPECT_THAT(client.receive(buffer, soon()), Succeeds())
            << to_string(from) << ' ' << to_string(to);
      }
  });
  if (!allowed) GTEST_SKIP() << "no network can be made here";
  if (!has_addresses) GTEST_SKIP() << "no addresses can be given to a network here";
}

TEST(OwnNetwork, TakesSegmentsThatAreLongerThanItsMtuSingly) {
  if (!system().carries_numbers_beside_datagrams)
    GTEST_SKIP() << "the size of segments is a number";
  const bool allowed = own_network::run([](own_network& network) {
    network.set_mtu(1'500);
    auto there = must(datagram_socket::bind({ipv4_address::loopback(), 0}));
    auto here = must(connected_datagram_socket::connect(must(there.local_endpoint())));
    const auto data = pattern(9'000);
    std::array<std::byte, 4'000> room{};

    const auto longer = here.send_segments(data, 3'000);
    EXPECT_EQ(longer.count, 3u);
    EXPECT_FALSE(longer.offloaded);
    for (int i = 0; i != 3; ++i) EXPECT_EQ(must(there.receive_from(room, soon())).size, 3'000u);

    const auto fitting = here.send_segments(data, 1'000);
    EXPECT_EQ(fitting.count, 9u);
    EXPECT_TRUE(fitting.offloaded);
    for (int i = 0; i != 9; ++i) EXPECT_EQ(must(there.receive_from(room, soon())).size, 1'000u);
  });
  if (!allowed) GTEST_SKIP() << "no network can be made here";
}

TEST(OwnNetwork, RefusesSegmentsThatMayNotBeFragmented) {
  const bool allowed = own_network::run([](own_network& network) {
    network.set_mtu(1'500);
    auto there = must(datagram_socket::bind({ipv4_address::loopback(), 0}));
    auto here = must(connected_datagram_socket::connect(must(there.local_endpoint())));
    must(here.set(options::dont_fragment, true));

    const auto sent = here.send_segments(pattern(9'000), 3'000);
    EXPECT_EQ(sent.count, 0u);
    ASSERT_TRUE(sent.reason);
    EXPECT_EQ(*sent.reason, errc::message_too_large);
  });
  if (!allowed) GTEST_SKIP() << "no network can be made here";
}

TEST(OwnNetwork, ReachesAReceiverOfOneInterfaceByUnicastBroadcastAndGroup) {
  bool has_groups = true;
  const bool allowed = own_network::run([&](own_network& network) {
    const auto address = "10.77.0.1"_ip;
    network.add(std::get<ipv4_address>(address));
    const auto index = static_cast<std::uint32_t>(::if_nametoindex("lo"));
    auto here = must(datagram_socket::bind({address, 0}));
    must(here.set(options::broadcast, true));
    std::array<std::byte, 16> buffer{};

    // By the system's filter, and without it, as on FreeBSD.
    auto filtered = must(datagram_receiver::bind(family::v4, 0, index));
    auto dropping =
        must(datagram_receiver::over(must(datagram_socket::bind({any(family::v4), 0})), index));
    for (auto* there : {&filtered, &dropping}) {
      const auto port = must(there->local_endpoint()).port;
      const auto joined = there->join("239.9.8.7"_ip);
      has_groups = joined || std::getenv("PORTSOCK_RUNNER") == nullptr;
      if (!has_groups) return;
      ASSERT_THAT(joined, Succeeds());
      for (const auto& to : {address, "10.77.0.255"_ip, "255.255.255.255"_ip, "239.9.8.7"_ip}) {
        ASSERT_THAT(here.send_to(as_bytes("?"), {to, port}), Succeeds()) << to_string(to);
        EXPECT_EQ(must(there->receive_from(buffer, soon())).size, 1u) << to_string(to);
      }
    }
  });
  if (!allowed) GTEST_SKIP() << "no network can be made here";
  // qemu, where it emulates a 64-bit processor, passes on a membership without its interface.
  if (!has_groups) GTEST_SKIP() << "this emulator knows no interface of a group";
}

TEST(OwnNetwork, ThatGoesAwayResetsAConnectionForGood) {
  const bool allowed = own_network::run([](own_network& network) {
    auto [here, there] = connected(family::v4);
    const unsigned patience = 200;  // milliseconds
    ASSERT_EQ(::setsockopt(static_cast<int>(here.native()), IPPROTO_TCP, TCP_USER_TIMEOUT,
                           &patience, sizeof patience),
              0);
    network.set_up(false);
    say(here, "never arrives");
    std::array<std::byte, 16> buffer{};

    for (int i = 0; i != 3; ++i)
      EXPECT_THAT(here.receive(buffer, soon()), FailsWith(errc::connection_reset)) << i;
    EXPECT_THAT(here.send(as_bytes("x")), FailsWith(errc::connection_reset));
  });
  if (!allowed) GTEST_SKIP() << "no network can be made here";
}

TEST(OwnNetwork, IsWatchedAsItChanges) {
  const bool allowed = own_network::run([](own_network& network) {
    auto watch = must(interface_watch::open());
    const auto is_quiet_again = [&] {
      // One change may be several messages, of which the last need not be there yet.
      for (const auto until = soon(); can_receive(watch, shortly());) {
        if (until.has_passed()) return false;
        static_cast<void>(watch.changed());
      }
      return !watch.changed();
    };
    ASSERT_TRUE(is_quiet_again());

    network.add(ipv4_address{{10, 77, 0, 1}});
    EXPECT_TRUE(can_receive(watch)) << "an address came";
    EXPECT_TRUE(watch.changed());
    EXPECT_TRUE(is_quiet_again());

    for (const bool up : {false, true}) {
      network.set_up(up);
      EXPECT_TRUE(can_receive(watch)) << up;
      EXPECT_TRUE(watch.changed()) << up;
      EXPECT_TRUE(is_quiet_again()) << up;
    }
  });
  if (!allowed) GTEST_SKIP() << "no network can be made here";
}

TEST(OwnNetwork, GivesOneLocalPortToEachPeerThatIsConnectedFromAnAddressAlone) {
  bool has_ports = true;
  const bool allowed = own_network::run([&](own_network& network) {
    // An emulator may have no such option, and binds as kernels before 4.2.
    const auto probe = must(datagram_socket::bind({any(family::v4), 0}));
    const int on = 1;
    has_ports = ::setsockopt(static_cast<int>(probe.native()), IPPROTO_IP, IP_BIND_ADDRESS_NO_PORT,
                             &on, sizeof on) == 0;
    if (!has_ports) return;
    for (const auto of : {family::v4, family::v6}) {
      const endpoint first{loopback(of), 1'001};
      const endpoint second{loopback(of), 1'002};
      const auto one = must(stream_listener::listen(first));
      const auto other = must(stream_listener::listen(second));
      has_ports = network.set_ports(40'000, 40'000);
      if (!has_ports) return;
      const endpoint from{loopback(of), 0};

      const auto to_one = must(stream_socket::connect(first, soon(), from));
      const auto to_other = stream_socket::connect(second, soon(), from);
      ASSERT_THAT(to_other, Succeeds());
      EXPECT_EQ(must(to_other->local_endpoint()).port, 40'000);
      EXPECT_THAT(stream_socket::connect(first, soon(), from),
                  FailsWith(errc::address_not_available))
          << "no port is left for this peer";
    }
  });
  if (!allowed) GTEST_SKIP() << "no network can be made here";
  if (!has_ports) GTEST_SKIP() << "ports cannot be chosen here";
}

}  // namespace
}  // namespace portsock::tests
