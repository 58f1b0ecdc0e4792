// SPDX-License-Identifier: MIT

// What ICMP says of a datagram of before, each kind that Linux tells a connected socket of.

#include <gtest/gtest.h>
#include <netinet/in.h>
#include <poll.h>
#include <sys/socket.h>

#include <cstring>
#include <string>
#include <vector>

#include <portsock/icmp.hpp>
#include <portsock/raw_socket.hpp>
#include <tests/support/sockets.hpp>

#include "own_network.hpp"

namespace portsock::tests {
namespace {

using namespace literals;

struct news {
  family of;
  std::uint8_t type;
  std::uint8_t code;
  const char* name;
};

const news all_news[] = {
    {family::v4, 3, 2, "ProtocolUnreachable"}, {family::v4, 3, 3, "PortUnreachable"},
    {family::v4, 3, 4, "FragmentationNeeded"}, {family::v4, 3, 7, "HostUnknown"},
    {family::v4, 3, 8, "HostIsolated"},        {family::v4, 3, 9, "NetworkProhibited"},
    {family::v4, 12, 0, "ParameterProblem"},   {family::v6, 1, 1, "Prohibited"},
    {family::v6, 1, 4, "PortUnreachable"},     {family::v6, 1, 5, "PolicyFailed"},
    {family::v6, 1, 6, "RouteRejected"},       {family::v6, 2, 0, "PacketTooBig"},
    {family::v6, 4, 0, "ParameterProblem"},
};

void put_16(std::vector<std::byte>& to, std::size_t at, std::uint16_t value) {
  to[at] = static_cast<std::byte>(value >> 8);
  to[at + 1] = static_cast<std::byte>(value & 0xff);
}
template <class Address>
void put(std::vector<std::byte>& to, std::size_t at, const Address& address) {
  std::memcpy(&to[at], address.bytes.data(), address.bytes.size());
}

/// An ICMP error about a datagram from one port of loopback to another.
std::vector<std::byte> packet(const news& what, std::uint16_t from, std::uint16_t to) {
  const bool is_v4 = what.of == family::v4;
  const std::size_t ip = icmp::header_size;
  const std::size_t udp = ip + (is_v4 ? 20 : 40);
  std::vector<std::byte> made(udp + 8 + 4);
  made[0] = std::byte{what.type};
  made[1] = std::byte{what.code};
  put_16(made, 6, 1'400);  // the MTU, where there is one
  if (is_v4) {
    made[ip] = std::byte{0x45};
    put_16(made, ip + 2, 20 + 8 + 4);
    made[ip + 8] = std::byte{64};
    made[ip + 9] = std::byte{IPPROTO_UDP};
    put(made, ip + 12, ipv4_address::loopback());
    put(made, ip + 16, ipv4_address::loopback());
  } else {
    made[ip] = std::byte{0x60};
    put_16(made, ip + 4, 8 + 4);
    made[ip + 6] = std::byte{IPPROTO_UDP};
    made[ip + 7] = std::byte{64};
    put(made, ip + 8, ipv6_address::loopback());
    put(made, ip + 24, ipv6_address::loopback());
  }
  put_16(made, udp, from);
  put_16(made, udp + 2, to);
  put_16(made, udp + 4, 8 + 4);
  if (is_v4) put_16(made, 2, checksum(made));
  return made;
}

/// Whether the system has a failure for the next call, which asking does not take from it.
bool has_failed(const connected_datagram_socket& socket) {
  pollfd entry{static_cast<int>(socket.native()), 0, 0};
  return ::poll(&entry, 1, 10'000) == 1 && (entry.revents & POLLERR) != 0;
}

class OldNews : public testing::TestWithParam<news> {};
INSTANTIATE_TEST_SUITE_P(, OldNews, testing::ValuesIn(all_news), [](const auto& instance) {
  return std::string{instance.param.name} + (instance.param.of == family::v4 ? "_v4" : "_v6");
});

TEST_P(OldNews, FailsNoCallOfAConnectedSocket) {
  const auto of = GetParam().of;
  bool has_raw = true;
  const bool allowed = own_network::run([&](own_network&) {
    auto raw = raw_socket::open(of, of == family::v4 ? protocol::icmp : protocol::icmp_v6);
    has_raw = raw.has_value();
    if (!has_raw) return;
    auto peer = must(datagram_socket::bind({loopback(of), 0}));
    const auto to_peer = must(peer.local_endpoint());
    auto here = must(connected_datagram_socket::connect(to_peer));
    const auto to_here = must(here.local_endpoint());
    const auto error = packet(GetParam(), to_here.port, to_peer.port);
    const auto tell = [&] {
      ASSERT_THAT(raw->send_to(error, loopback(of)), Succeeds());
      ASSERT_TRUE(has_failed(here)) << "Linux tells nothing of this";
    };
    std::array<std::byte, 64> buffer{};

    tell();
    ASSERT_THAT(peer.send_to(as_bytes("with a deadline"), to_here), Succeeds());
    EXPECT_EQ(must(here.receive(buffer, soon())).size, 15u);
    tell();
    ASSERT_THAT(peer.send_to(as_bytes("without"), to_here), Succeeds());
    EXPECT_EQ(must(here.receive(buffer)).size, 7u);
    tell();
    EXPECT_THAT(here.send(as_bytes("with a deadline"), soon()), Succeeds());
    tell();
    EXPECT_THAT(here.send(as_bytes("without")), Succeeds());
    tell();
    EXPECT_THAT(here.receive(buffer, shortly()), FailsWith(errc::timed_out));
  });
  if (!allowed) GTEST_SKIP() << "no network can be made here";
  if (!has_raw) GTEST_SKIP() << "no raw sockets here";
}

}  // namespace
}  // namespace portsock::tests
