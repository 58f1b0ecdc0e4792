// SPDX-License-Identifier: MIT

// Pings, packets for many, and what is told of packets that do not arrive.

#include <gmock/gmock.h>

#include <array>
#include <cstdint>
#include <optional>
#include <span>
#include <variant>
#include <vector>

#include <portsock/icmp_socket.hpp>
#include <portsock/memory.hpp>
#include <portsock/raw_socket.hpp>
#include <portsock/reporting_datagram_socket.hpp>
#include <tests/support/matchers.hpp>
#include <tests/support/sockets.hpp>

namespace portsock::tests {
namespace {

using namespace literals;
using memory::passing;
using testing::ElementsAre;
using testing::UnorderedElementsAre;

class ThreeHosts : public testing::Test {
 protected:
  ThreeHosts() { net.set_time(passing::leaps); }

  static datagram_socket bound(memory::host where, const endpoint& local) {
    const memory::on there{where};
    return must(datagram_socket::bind(local));
  }
  icmp_socket pings_of_client(const ip_address& to) const {
    const memory::on there{client};
    auto made = must(icmp_socket::open(family_of(to)));
    must(made.send({{.identifier = 9, .sequence = 1}}, to));
    return made;
  }
  /// Who answers a ping of the client's.
  std::vector<ip_address> who_answers(const ip_address& to) const {
    auto pings = pings_of_client(to);
    std::vector<ip_address> who;
    std::vector<std::byte> buffer(2000);
    while (const auto got = pings.receive(buffer, deadline::in(5s)))
      if (std::holds_alternative<icmp::echo_reply>(got->message)) who.push_back(got->from);
    return who;
  }

  memory::network net{7};
  memory::host server = net.add_host("server", {"192.0.2.1"_ip, "2001:db8::1"_ip});
  memory::host client = net.add_host("client", {"192.0.2.2"_ip, "2001:db8::2"_ip});
  memory::host third = net.add_host("third", {"192.0.2.3"_ip, "2001:db8::3"_ip});
  std::array<std::byte, 2000> buffer{};
};

// ---- hops

TEST_F(ThreeHosts, LearnOfTheRoutersBetweenThem) {
  net.connect(client, server, {.latency = 30ms, .routers = {"10.0.0.1"_ip, "10.0.0.2"_ip}});
  const memory::on there{client};
  auto pings = must(icmp_socket::open(family::v4));
  std::vector<ip_address> who;
  for (const int hops : {1, 2, 3}) {
    must(pings.set_hop_limit(hops));
    must(pings.send({{.identifier = 9, .sequence = 1}}, "192.0.2.1"_ip));
    const auto got = must(pings.receive(buffer, soon()));
    who.push_back(got.from);
    EXPECT_EQ(std::holds_alternative<icmp::time_exceeded>(got.message), hops != 3) << hops;
  }
  EXPECT_THAT(who, testing::ElementsAre("10.0.0.1"_ip, "10.0.0.2"_ip, "192.0.2.1"_ip));
}

TEST_F(ThreeHosts, AreToldOfPacketsThatAreTooLong) {
  net.connect(client, server, {.mtu = 600});
  const memory::on there{client};
  auto pings = must(icmp_socket::open(family::v6));
  must(pings.send({{.identifier = 9, .sequence = 1, .payload = pattern(1000)}}, "2001:db8::1"_ip));
  const auto got = must(pings.receive(buffer, soon()));
  const auto* told = std::get_if<icmp::packet_too_big>(&got.message);
  ASSERT_NE(told, nullptr);
  EXPECT_EQ(told->mtu, 600u);
}

TEST_F(ThreeHosts, PingWithoutRightsToo) {
  const memory::on there{client};
  auto pings = must(icmp_socket::open(family::v4, icmp_access::datagram));
  auto others = must(icmp_socket::open(family::v4, icmp_access::datagram));
  must(others.send({{.identifier = 9, .sequence = 6}}, "192.0.2.1"_ip));
  must(pings.send({{.identifier = 9, .sequence = 7}}, "192.0.2.1"_ip));
  const auto got = must(pings.receive(buffer, soon()));
  const auto* reply = std::get_if<icmp::echo_reply>(&got.message);
  ASSERT_NE(reply, nullptr);
  EXPECT_EQ(reply->sequence, 7);
  EXPECT_EQ(reply->identifier, pings.identifier());
  EXPECT_NE(pings.identifier(), others.identifier());
}

// ---- for many

TEST_F(ThreeHosts, HearEachOthersGroups) {
  auto receiver = bound(server, "0.0.0.0:5000"_endpoint);
  must(receiver.join("239.1.2.3"_ip));
  auto sender = bound(client, "192.0.2.2:0"_endpoint);
  must(sender.send_to(as_bytes("to all"), "239.1.2.3:5000"_endpoint));
  EXPECT_EQ(must(receiver.receive_from(buffer, soon())).size, 6u);
}

TEST_F(ThreeHosts, HearEachOthersBroadcasts) {
  auto receiver = bound(server, "0.0.0.0:5000"_endpoint);
  auto sender = bound(client, "192.0.2.2:0"_endpoint);
  must(sender.set(options::broadcast, true));
  for (const auto& to : {"255.255.255.255:5000"_endpoint, "192.0.2.255:5000"_endpoint}) {
    must(sender.send_to(as_bytes("to all"), to));
    EXPECT_EQ(must(receiver.receive_from(buffer, soon())).size, 6u);
  }
}

TEST_F(ThreeHosts, AllAnswerAPingToAllHosts) {
  EXPECT_THAT(who_answers("224.0.0.1"_ip),
              UnorderedElementsAre("192.0.2.1"_ip, "192.0.2.2"_ip, "192.0.2.3"_ip));
  EXPECT_THAT(who_answers("ff02::1"_ip),
              UnorderedElementsAre("2001:db8::1"_ip, "2001:db8::2"_ip, "2001:db8::3"_ip));
}

TEST_F(ThreeHosts, AnswerAPingToAGroupThatTheyAreIn) {
  EXPECT_THAT(who_answers("239.1.2.3"_ip), ElementsAre());
  auto member = bound(third, "0.0.0.0:5000"_endpoint);
  must(member.join("239.1.2.3"_ip));
  EXPECT_THAT(who_answers("239.1.2.3"_ip), ElementsAre("192.0.2.3"_ip));
}

TEST_F(ThreeHosts, PingManyNoFurtherThanOneHop) {
  net.connect(client, third, {.routers = {"10.0.0.1"_ip}});
  EXPECT_THAT(who_answers("224.0.0.1"_ip), UnorderedElementsAre("192.0.2.1"_ip, "192.0.2.2"_ip));
}

TEST_F(ThreeHosts, TellNothingOfWhatWasForMany) {
  net.connect(client, server, {.routers = {"10.0.0.1"_ip}});
  net.connect(client, third, {.mtu = 600});
  const memory::on there{client};
  auto listener = must(icmp_socket::open(family::v4));
  auto sender = must(datagram_socket::bind("192.0.2.2:0"_endpoint));
  must(sender.set(options::broadcast, true));
  must(sender.set(options::hop_limit, 1));
  must(sender.set(options::dont_fragment, true));

  must(sender.send_to(pattern(1000), "239.1.2.3:5000"_endpoint));
  must(sender.send_to(pattern(1000), "192.0.2.255:5000"_endpoint));

  EXPECT_FALSE(can_receive(listener, deadline::in(5s)));
}

// ---- errors

TEST_F(ThreeHosts, AreToldOfDatagramsThatAreTooLong) {
  net.connect(client, server, {.mtu = 600});
  const memory::on there{client};
  for (const auto& to : {"192.0.2.1:9"_endpoint, "[2001:db8::1]:9"_endpoint}) {
    auto sender = must(reporting_datagram_socket::connect(to));
    must(sender.set(options::dont_fragment, true));
    must(sender.send(pattern(1000)));
    EXPECT_THAT(sender.receive(buffer, soon()), FailsWith(errc::message_too_large));
  }
}

TEST_F(ThreeHosts, DivideDatagramsThatMayBe) {
  net.connect(client, server, {.mtu = 600});
  auto receiver = bound(server, "192.0.2.1:5000"_endpoint);
  auto sender = bound(client, "192.0.2.2:0"_endpoint);

  must(sender.send_to(pattern(1000), "192.0.2.1:5000"_endpoint));
  EXPECT_EQ(must(receiver.receive_from(buffer, soon())).size, 1000u);

  must(sender.set(options::dont_fragment, true));
  must(sender.send_to(pattern(572), "192.0.2.1:5000"_endpoint));
  EXPECT_EQ(must(receiver.receive_from(buffer, soon())).size, 572u);
  must(sender.send_to(pattern(573), "192.0.2.1:5000"_endpoint));
  EXPECT_FALSE(can_receive(receiver, deadline::in(5s)));
}

TEST_F(ThreeHosts, HearNoReportsWhereNoWayLeadsBack) {
  net.connect(client, server, {.mtu = 600, .routers = {"2001:db8:9::1"_ip}});
  for (const auto& back : {memory::path{.open = false}, memory::path{.loss = 1}}) {
    net.set_path(server, client, back);
    const memory::on there{client};
    auto listener = must(icmp_socket::open(family::v6));
    auto sender = must(datagram_socket::bind("[2001:db8::2]:0"_endpoint));
    must(sender.send_to(as_bytes("nobody has the port"), "[2001:db8::1]:9"_endpoint));
    must(sender.send_to(pattern(1000), "[2001:db8::1]:9"_endpoint));
    must(sender.set(options::hop_limit, 1));
    must(sender.send_to(as_bytes("x"), "[2001:db8::1]:9"_endpoint));
    EXPECT_FALSE(can_receive(listener, deadline::in(5s)));
  }
}

TEST_F(ThreeHosts, HearNothingFromRoutersOfTheOtherFamily) {
  net.connect(client, server, {.mtu = 600, .routers = {"10.0.0.1"_ip}});
  const memory::on there{client};
  auto pings = must(icmp_socket::open(family::v6));

  must(pings.set_hop_limit(1));
  must(pings.send({{.identifier = 9, .sequence = 1}}, "2001:db8::1"_ip));
  EXPECT_FALSE(can_receive(pings, deadline::in(5s)));

  must(pings.set_hop_limit(64));
  must(pings.send({{.identifier = 9, .sequence = 1, .payload = pattern(1000)}}, "2001:db8::1"_ip));
  EXPECT_EQ(must(pings.receive(buffer, soon())).from, "2001:db8::1"_ip);
}

// ---- raw

TEST_F(ThreeHosts, HearDatagramsWithTheirHeadersOnRawSockets) {
  const auto raw_of = [](memory::host where) {
    const memory::on there{where};
    return must(raw_socket::open(family::v4, protocol::udp));
  };
  auto at_server = raw_of(server);
  auto at_client = raw_of(client);
  auto receiver = bound(server, "192.0.2.1:5000"_endpoint);
  auto sender = bound(client, "192.0.2.2:6000"_endpoint);

  must(sender.send_to(as_bytes("x"), "192.0.2.1:5000"_endpoint));
  EXPECT_EQ(must(receiver.receive_from(buffer, soon())).size, 1u);
  ASSERT_EQ(must(at_server.receive_from(buffer, soon())).size, 9u);
  EXPECT_EQ(buffer[8], std::byte{'x'});

  const std::vector<std::byte> packet{buffer.begin(), buffer.begin() + 9};
  must(at_client.send_to(packet, "192.0.2.1"_ip, soon()));
  const auto again = must(receiver.receive_from(buffer, soon()));
  EXPECT_EQ(again.size, 1u);
  EXPECT_EQ(again.from, "192.0.2.2:6000"_endpoint);
}

TEST_F(ThreeHosts, TakeNoPortWithARawSocket) {
  const memory::on there{server};
  auto raw = must(raw_socket::open(family::v4, protocol::udp));
  must(raw.bind("192.0.2.1"_ip));
  EXPECT_THAT(datagram_socket::bind("192.0.2.1:49152"_endpoint), Succeeds());
}

TEST_F(ThreeHosts, HearNothingOnARawSocketThatIsClosed) {
  {
    const memory::on there{server};
    auto raw = must(raw_socket::open(family::v4, protocol::udp));
  }
  auto receiver = bound(server, "192.0.2.1:5000"_endpoint);
  auto sender = bound(client, "192.0.2.2:6000"_endpoint);
  must(sender.send_to(as_bytes("x"), "192.0.2.1:5000"_endpoint));
  EXPECT_EQ(must(receiver.receive_from(buffer, soon())).size, 1u);
  EXPECT_FALSE(can_receive(receiver, deadline::now()));
}

TEST_F(ThreeHosts, DropRawDatagramsThatAreNone) {
  auto receiver = bound(server, "192.0.2.1:5000"_endpoint);
  const memory::on there{client};
  auto sender = must(raw_socket::open(family::v4, protocol::udp));
  // From port 6000 to 5000, and a length that is to be that of header and payload.
  const auto send = [&](std::size_t size, std::uint8_t length) {
    const std::array<std::uint8_t, 10> header{0x17, 0x70, 0x13, 0x88, 0, length};
    must(sender.send_to(std::as_bytes(std::span{header}).first(size), "192.0.2.1"_ip, soon()));
  };
  send(7, 7);
  send(7, 8);
  send(8, 0);
  send(8, 7);
  send(8, 9);
  EXPECT_FALSE(can_receive(receiver, deadline::in(5s)));

  send(8, 8);
  EXPECT_EQ(must(receiver.receive_from(buffer, soon())).size, 0u);
  send(10, 9);
  EXPECT_EQ(must(receiver.receive_from(buffer, soon())).size, 1u) << "what is behind it is not its";
}

TEST(Identifiers, AreTheSameInEachNetwork) {
  const auto first = [] {
    memory::network net{7};
    net.set_time(passing::leaps);
    net.add_host("server", {"192.0.2.1"_ip});
    const memory::on there{net.add_host("client", {"192.0.2.2"_ip})};
    auto pings = must(icmp_socket::open(family::v4, icmp_access::datagram));
    must(pings.send({{.identifier = 9, .sequence = 7}}, "192.0.2.1"_ip));
    return pings.identifier();
  };
  const auto before = first();
  EXPECT_EQ(first(), before);
}

}  // namespace
}  // namespace portsock::tests
