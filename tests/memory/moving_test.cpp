// SPDX-License-Identifier: MIT

// Hosts that leave their addresses, and what becomes of what was there.

#include <gmock/gmock.h>

#include <array>
#include <utility>

#include <portsock/icmp_socket.hpp>
#include <portsock/memory.hpp>
#include <portsock/resolver.hpp>
#include <tests/support/matchers.hpp>
#include <tests/support/sockets.hpp>
#include <tests/support/system.hpp>

namespace portsock::tests {
namespace {

using namespace literals;
using memory::passing;

class MovingHost : public testing::Test {
 protected:
  MovingHost() { net.set_time(passing::leaps); }

  stream_listener listener_at_server() {
    const memory::on there{server};
    return must(stream_listener::listen("0.0.0.0:80"_endpoint));
  }
  result<stream_socket> connect(const endpoint& to, deadline until) {
    const memory::on there{client};
    return stream_socket::connect(to, until);
  }
  connected_pair connected_hosts() {
    auto listener = listener_at_server();
    auto here = must(connect("192.0.2.1:80"_endpoint, soon()));
    return {std::move(here), must(listener.accept(soon()))};
  }

  void take_time() { net.connect(client, server, {.latency = 20ms}); }

  memory::network net{7};
  memory::host server = net.add_host("server", {"192.0.2.1"_ip});
  memory::host client = net.add_host("client", {"192.0.2.2"_ip});
  std::array<std::byte, 64> buffer{};
};

TEST_F(MovingHost, LeavesItsConnections) {
  for (const auto& [who, back] : {std::pair{client, "192.0.2.2"_ip}, {server, "192.0.2.1"_ip}}) {
    auto pair = connected_hosts();
    net.set_addresses(who, {"198.51.100.9"_ip});
    say(pair.here, "there?");
    say(pair.there, "here?");
    EXPECT_FALSE(can_receive(pair.there, deadline::in(60s)));
    EXPECT_FALSE(can_receive(pair.here, deadline::in(60s)));
    EXPECT_THAT(pair.here.receive(buffer, deadline::in(1h)), FailsWith(errc::connection_reset));
    EXPECT_THAT(pair.there.receive(buffer, deadline::in(1h)), FailsWith(errc::connection_reset));
    net.set_addresses(who, {back});
  }
}

TEST_F(MovingHost, GoesOnWhenItComesBackInTime) {
  auto pair = connected_hosts();
  net.set_addresses(client, {"198.51.100.9"_ip});
  say(pair.here, "there?");
  net.after(1min, [&] { net.set_addresses(client, {"192.0.2.2"_ip}); });

  EXPECT_TRUE(can_receive(pair.there, deadline::in(10min)));
  EXPECT_EQ(hear(pair.there, 6), "there?");
}

TEST_F(MovingHost, KeepsConnectionsOverItsOtherAddresses) {
  auto pair = connected_hosts();
  net.set_addresses(client, {"192.0.2.2"_ip, "198.51.100.9"_ip});
  say(pair.here, "hello");
  EXPECT_EQ(hear(pair.there, 5), "hello");
}

TEST_F(MovingHost, IsReachedWhereItIsNow) {
  auto listener = listener_at_server();
  net.after(5s, [&] { net.set_addresses(server, {"192.0.2.77"_ip}); });
  EXPECT_THAT(connect("192.0.2.77:80"_endpoint, deadline::in(1min)), Succeeds());
  EXPECT_THAT(connect("192.0.2.1:80"_endpoint, deadline::in(1min)), FailsWith(errc::timed_out));
}

TEST_F(MovingHost, ConnectsSocketsThatWereOpenBefore) {
  auto listener = listener_at_server();
  const memory::on there{client};
  const auto opened = foreign_socket(family::v4, kind::stream);
  net.set_addresses(client, {"192.0.2.77"_ip});

  start_to_connect(opened, "192.0.2.1:80"_endpoint);

  EXPECT_EQ(must(must(listener.accept(soon())).peer_endpoint()).address, "192.0.2.77"_ip);
  close_foreign(opened);
}

/// Neither the request nor what completes the connection arrives.
TEST_F(MovingHost, AcceptsNobodyOnItsWayToWhereItWas) {
  take_time();
  for (const auto after : {10ms, 30ms, 50ms}) {
    auto listener = listener_at_server();
    net.after(after, [&] { net.set_addresses(server, {"192.0.2.77"_ip}); });
    if (auto here = connect("192.0.2.1:80"_endpoint, deadline::in(1min))) say(*here, "there?");
    EXPECT_THAT(listener.accept(deadline::in(1min)), FailsWith(errc::timed_out)) << after.count();
    net.set_addresses(server, {"192.0.2.1"_ip});
  }
}

TEST_F(MovingHost, IsNotConnectedByAnAnswerToWhereItWas) {
  take_time();
  auto listener = listener_at_server();
  net.after(30ms, [&] { net.set_addresses(client, {"192.0.2.77"_ip}); });
  EXPECT_THAT(connect("192.0.2.1:80"_endpoint, deadline::in(1min)), FailsWith(errc::timed_out));
  EXPECT_THAT(listener.accept(deadline::in(1min)), FailsWith(errc::timed_out));
}

TEST_F(MovingHost, GetsNothingThatWasOnItsWay) {
  take_time();
  auto pair = connected_hosts();
  const auto bound = [](memory::host where, const endpoint& local) {
    const memory::on there{where};
    return must(datagram_socket::bind(local));
  };
  auto receiver = bound(server, "0.0.0.0:5000"_endpoint);
  auto sender = bound(client, "192.0.2.2:5000"_endpoint);
  must(sender.send_to(as_bytes("x"), "192.0.2.1:5000"_endpoint));
  say(pair.here, "hello");
  const auto lost = net.count().lost;

  net.after(10ms, [&] { net.set_addresses(server, {"192.0.2.77"_ip}); });
  EXPECT_FALSE(can_receive(receiver, deadline::in(100ms)));
  EXPECT_FALSE(can_receive(pair.there, deadline::in(100ms)));
  EXPECT_EQ(net.count().lost, lost + 2);

  net.set_addresses(server, {"192.0.2.1"_ip});
  ASSERT_TRUE(can_receive(pair.there, deadline::in(1min))) << "it is sent again";
  EXPECT_EQ(hear(pair.there, 5), "hello");
}

TEST_F(MovingHost, IsToldOfAResetThatWasOnItsWayWhenItComesBack) {
  take_time();
  auto pair = connected_hosts();
  net.set_path(server, client, {.latency = 20ms, .open = false});
  std::move(pair.there).abort();
  say(pair.here, "x");
  net.after(10ms, [&] { net.set_path(server, client, {.latency = 20ms}); });
  net.after(30ms, [&] { net.set_addresses(client, {"192.0.2.77"_ip}); });
  EXPECT_FALSE(can_receive(pair.here, deadline::in(1min)));
  net.set_addresses(client, {"192.0.2.2"_ip});
  EXPECT_THAT(pair.here.receive(buffer, deadline::in(24h)), FailsWith(errc::connection_reset));
}

TEST_F(MovingHost, EndsWhatItNeverKnewToBeConnectedByAReset) {
  take_time();
  auto listener = listener_at_server();
  net.after(50ms, [&] { net.set_addresses(server, {"192.0.2.77"_ip}); });
  net.after(1s, [&] { net.set_addresses(server, {"192.0.2.1"_ip}); });
  auto here = must(connect("192.0.2.1:80"_endpoint, soon()));
  net.advance(2s);

  must(here.shutdown(direction::send));

  EXPECT_THAT(here.receive(buffer, deadline::in(24h)), FailsWith(errc::connection_reset));
}

TEST_F(MovingHost, IsNotToldOfPacketsThatItSentFromWhereItWas) {
  net.connect(client, server, {.latency = 20ms, .mtu = 600, .routers = {"10.0.0.1"_ip}});
  const memory::on there{client};
  auto listener = must(icmp_socket::open(family::v4));
  auto sender = must(datagram_socket::bind("192.0.2.2:0"_endpoint));
  must(sender.send_to(as_bytes("nobody has the port"), "192.0.2.1:9"_endpoint));
  net.advance(25ms);
  must(sender.set(options::dont_fragment, true));
  must(sender.send_to(pattern(1000), "192.0.2.1:9"_endpoint));
  must(sender.set(options::hop_limit, 1));
  must(sender.send_to(as_bytes("too far"), "192.0.2.1:9"_endpoint));
  const auto lost = net.count().lost;

  net.after(5ms, [&] { net.set_addresses(client, {"192.0.2.77"_ip}); });

  EXPECT_FALSE(can_receive(listener, deadline::in(1s)));
  EXPECT_EQ(net.count().lost, lost + 3);
}

TEST_F(MovingHost, KeepsItsLoopback) {
  net.set_addresses(net.localhost(), {"192.0.2.7"_ip});
  EXPECT_THAT(datagram_socket::bind("127.0.0.1:0"_endpoint), Succeeds());
  EXPECT_THAT(must(resolve("localhost", 80, soon(), family::v4)),
              testing::ElementsAre("127.0.0.1:80"_endpoint));
  auto there = must(datagram_socket::bind("192.0.2.7:5000"_endpoint));
  const memory::on at_client{client};
  auto sender = must(datagram_socket::bind("192.0.2.2:0"_endpoint));
  must(sender.send_to(as_bytes("x"), "192.0.2.7:5000"_endpoint));
  EXPECT_TRUE(can_receive(there, deadline::now()));
}

}  // namespace
}  // namespace portsock::tests
