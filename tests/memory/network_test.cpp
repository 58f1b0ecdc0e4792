// SPDX-License-Identifier: MIT

// The network in memory does to packets what it is told, and nothing else.

#include <gmock/gmock.h>

#include <array>
#include <string>
#include <vector>

#include <portsock/datagram_statistics.hpp>
#include <portsock/interface_watch.hpp>
#include <portsock/interfaces.hpp>
#include <portsock/memory.hpp>
#include <portsock/reporting_datagram_socket.hpp>
#include <portsock/resolver.hpp>
#include <portsock/stream_statistics.hpp>
#include <tests/support/matchers.hpp>
#include <tests/support/sockets.hpp>

namespace portsock::tests {
namespace {

using namespace literals;
using memory::passing;

class TwoHosts : public testing::Test {
 protected:
  TwoHosts() { net.set_time(passing::leaps); }

  static datagram_socket bound(memory::host where, const endpoint& local) {
    const memory::on there{where};
    return must(datagram_socket::bind(local));
  }
  stream_listener listener_at_server() {
    const memory::on there{server};
    return must(stream_listener::listen("192.0.2.1:80"_endpoint));
  }
  result<stream_socket> connect(deadline until) {
    const memory::on there{client};
    return stream_socket::connect("192.0.2.1:80"_endpoint, until);
  }

  memory::network net{7};
  memory::host server = net.add_host("server", {"192.0.2.1"_ip, "2001:db8::1"_ip});
  memory::host client = net.add_host("client", {"192.0.2.2"_ip, "2001:db8::2"_ip});
};

// ---- time

TEST_F(TwoHosts, WaitForNothingInNoTime) {
  auto socket = must(datagram_socket::bind("127.0.0.1:0"_endpoint));
  std::array<std::byte, 8> buffer;
  const auto real = std::chrono::steady_clock::now();
  const auto began = deadline::clock::now();
  EXPECT_THAT(socket.receive_from(buffer, deadline::in(24h)), FailsWith(errc::timed_out));
  EXPECT_EQ(deadline::clock::now() - began, 24h);
  EXPECT_LT(std::chrono::steady_clock::now() - real, 10s);
}

TEST_F(TwoHosts, NeedTheLatencyOfTheirPathForADatagram) {
  net.connect(client, server, {.latency = 20ms});
  auto receiver = bound(server, "192.0.2.1:5000"_endpoint);
  auto sender = bound(client, "192.0.2.2:0"_endpoint);
  const auto began = deadline::clock::now();
  must(sender.send_to(as_bytes("x"), "192.0.2.1:5000"_endpoint));
  std::array<std::byte, 8> buffer;
  EXPECT_THAT(receiver.receive_from(buffer, deadline::in(19ms)), FailsWith(errc::timed_out));
  EXPECT_THAT(receiver.receive_from(buffer, soon()), Succeeds());
  EXPECT_EQ(deadline::clock::now() - began, 20ms);
}

TEST_F(TwoHosts, HaveAPathForEachDirection) {
  net.connect(client, server, {.latency = 20ms});
  auto slow = net.path_of(server, client);
  slow.latency = 80ms;
  net.set_path(server, client, slow);
  EXPECT_EQ(net.path_of(client, server).latency, 20ms);
  EXPECT_EQ(net.path_of(server, client).latency, 80ms);
  auto listener = listener_at_server();
  const auto began = deadline::clock::now();
  must(connect(soon()));
  EXPECT_EQ(deadline::clock::now() - began, 100ms);
}

TEST_F(TwoHosts, AreConnectedAfterARoundTrip) {
  net.connect(client, server, {.latency = 20ms});
  auto listener = listener_at_server();
  const auto began = deadline::clock::now();
  auto here = must(connect(soon()));
  EXPECT_EQ(deadline::clock::now() - began, 40ms);
  auto there = must(listener.accept(soon()));
  EXPECT_EQ(deadline::clock::now() - began, 60ms);
  say(here, "hello");
  EXPECT_EQ(hear(there, 5), "hello");
  EXPECT_EQ(deadline::clock::now() - began, 80ms);
}

TEST_F(TwoHosts, StandStillUntilTheTestMovesTheirTime) {
  net.set_time(passing::stands);
  net.connect(client, server, {.latency = 1h});
  auto receiver = bound(server, "192.0.2.1:5000"_endpoint);
  auto sender = bound(client, "192.0.2.2:0"_endpoint);
  must(sender.send_to(as_bytes("x"), "192.0.2.1:5000"_endpoint));
  net.advance(59min);
  EXPECT_FALSE(can_receive(receiver, deadline::now()));
  net.advance(1min);
  EXPECT_TRUE(can_receive(receiver, deadline::now()));
}

TEST_F(TwoHosts, LetThreadsWaitForEachOther) {
  net.set_time(passing::leaps, 2);
  net.connect(client, server, {.latency = 100ms});
  auto listener = listener_at_server();
  auto served = in_background([&listener] {
    auto there = must(listener.accept(soon()));
    for (int i = 0; i != 20; ++i) say(there, hear(there, 4));
  });
  auto here = must(connect(soon()));
  const auto began = deadline::clock::now();
  for (int i = 0; i != 20; ++i) {
    say(here, "ping");
    EXPECT_EQ(hear(here, 4), "ping");
  }
  served.get();
  EXPECT_GE(deadline::clock::now() - began, 20 * 200ms);
}

// ---- streams

TEST_F(TwoHosts, KeepStreamsWholeAndInOrderOnABadPath) {
  net.connect(client, server, {.latency = 5ms, .jitter = 20ms, .loss = 0.2});
  auto listener = listener_at_server();
  auto here = must(connect(deadline::in(1h)));
  auto there = must(listener.accept(deadline::in(1h)));
  net.set_time(passing::leaps, 2);
  const auto data = pattern(200'000);
  auto sent = in_background([&] {
    EXPECT_THAT(here.send_all(data, deadline::in(24h)), Succeeds());
    must(here.shutdown(direction::send));
  });
  std::vector<std::byte> got;
  std::array<std::byte, 4096> buffer;
  for (;;) {
    const auto size = must(there.receive(buffer, deadline::in(24h)));
    if (size == 0) break;
    got.insert(got.end(), buffer.begin(), buffer.begin() + static_cast<std::ptrdiff_t>(size));
  }
  sent.get();
  EXPECT_TRUE(got == data);
  EXPECT_GT(must(statistics_of(here)).retransmitted_segments.value_or(0), 10u);
}

TEST_F(TwoHosts, SendNoFasterThanTheirPathIsWide) {
  net.set_time(passing::leaps, 2);
  net.connect(client, server, {.bandwidth = 1'000'000});
  auto listener = listener_at_server();
  auto here = must(connect(soon()));
  auto there = must(listener.accept(soon()));
  const auto data = pattern(2'000'000);
  const auto began = deadline::clock::now();
  auto sent = in_background([&] {
    EXPECT_THAT(here.send_all(data, deadline::in(1h)), Succeeds());
    must(here.shutdown(direction::send));
  });
  EXPECT_EQ(hear_all(there).size(), 2'000'000u);
  EXPECT_GE(deadline::clock::now() - began, 2s);
  EXPECT_LT(deadline::clock::now() - began, 3s);
}

// ---- resets, full buffers

TEST_F(TwoHosts, CanHaveTheirConnectionsReset) {
  auto listener = listener_at_server();
  auto here = must(connect(soon()));
  auto there = must(listener.accept(soon()));
  net.reset_connections(server, client);
  std::array<std::byte, 8> buffer;
  EXPECT_THAT(here.receive(buffer, soon()), FailsWith(errc::connection_reset));
  EXPECT_THAT(there.receive(buffer, soon()), FailsWith(errc::connection_reset));
}

TEST_F(TwoHosts, HoldBackASenderWhoseReceiverDoesNotRead) {
  net.connect(client, server, {.latency = 10ms});
  auto listener = listener_at_server();
  auto here = must(connect(soon()));
  auto there = must(listener.accept(soon()));
  const auto data = pattern(5'000'000);
  const auto sent = here.send_all(data, deadline::in(1h));
  EXPECT_THAT(sent, FailsWith(errc::timed_out));
  EXPECT_LT(sent.size, 1'000'000u);
  must(here.shutdown(direction::send));
  EXPECT_EQ(hear_all(there).size(), sent.size);
}

TEST_F(TwoHosts, DropDatagramsThatFindNoRoom) {
  auto receiver = bound(server, "192.0.2.1:5000"_endpoint);
  auto sender = bound(client, "192.0.2.2:0"_endpoint);
  must(receiver.set(options::receive_buffer, 8192));
  for (int i = 0; i != 100; ++i) must(sender.send_to(pattern(1000), "192.0.2.1:5000"_endpoint));
  EXPECT_GT(must(discarded_by(receiver)), 80u);
}

// ---- hosts

TEST_F(TwoHosts, HaveNamesAndInterfacesOfTheirOwn) {
  EXPECT_THAT(must(resolve("server", 80, soon(), family::v4)),
              testing::ElementsAre("192.0.2.1:80"_endpoint));
  net.add_name("www.example", {"192.0.2.1"_ip});
  EXPECT_THAT(must(resolve("www.example", 80, soon())),
              testing::ElementsAre("192.0.2.1:80"_endpoint));
  EXPECT_EQ(must(interfaces()).size(), 1u);
  const memory::on there{server};
  EXPECT_EQ(must(interfaces()).size(), 2u);
}

TEST_F(TwoHosts, TellWhenTheirAddressesChange) {
  const memory::on there{server};
  auto watch = must(interface_watch::open());
  net.set_addresses(client, {"192.0.2.3"_ip});
  EXPECT_FALSE(watch.changed()) << "another host";
  net.set_addresses(server, {"198.51.100.1"_ip});
  EXPECT_TRUE(can_receive(watch));
  EXPECT_TRUE(watch.changed());
  EXPECT_FALSE(watch.changed());
  EXPECT_THAT(must(resolve("server", 80, soon())),
              testing::ElementsAre("198.51.100.1:80"_endpoint));
}

TEST_F(TwoHosts, HaveLoopbacksOfTheirOwn) {
  auto one = bound(server, "127.0.0.1:7000"_endpoint);
  auto other = bound(client, "127.0.0.1:7000"_endpoint);
  must(one.send_to(as_bytes("x"), "127.0.0.1:7000"_endpoint));
  EXPECT_TRUE(can_receive(one, deadline::now()));
  EXPECT_FALSE(can_receive(other, deadline::now()));
}

TEST_F(TwoHosts, TellOfPortsWhereNobodyIs) {
  net.connect(client, server, {.latency = 10ms});
  const auto began = deadline::clock::now();
  EXPECT_THAT(connect(soon()), FailsWith(errc::connection_refused));
  EXPECT_EQ(deadline::clock::now() - began, 20ms);
  const memory::on there{client};
  auto curious = must(reporting_datagram_socket::connect("192.0.2.1:9"_endpoint));
  must(curious.send(as_bytes("anybody?")));
  std::array<std::byte, 8> buffer;
  EXPECT_THAT(curious.receive(buffer, soon()), FailsWith(errc::connection_refused));
}

TEST(EndOfANetwork, LeavesSocketsThatFail) {
  std::optional<datagram_socket> left;
  {
    memory::network net{1};
    const memory::on there{net.add_host("server", {"192.0.2.1"_ip})};
    left.emplace(must(datagram_socket::bind("192.0.2.1:5000"_endpoint)));
  }
  EXPECT_THAT(left->send_to(as_bytes("x"), "192.0.2.2:5000"_endpoint),
              FailsWith(errc::network_unreachable));
}

/// LeakSanitizer tells whether something is left of it.
TEST(EndOfANetwork, LetsConnectionsGoThatNobodyHasAcceptedYet) {
  std::optional<stream_socket> left;
  {
    memory::network net{1};
    net.set_time(passing::leaps);
    const auto server = net.add_host("server", {"192.0.2.1"_ip});
    const auto client = net.add_host("client", {"192.0.2.2"_ip});
    net.connect(client, server, {.latency = 20ms});
    const memory::on there{server};
    auto listener = must(stream_listener::listen("192.0.2.1:80"_endpoint));
    const memory::on here{client};
    must(stream_socket::connect("192.0.2.1:80"_endpoint, soon()));
    left.emplace(must(stream_socket::connect("192.0.2.1:80"_endpoint, soon())));
  }
  EXPECT_TRUE(left->shutdown(direction::send));
}

TEST_F(TwoHosts, LoseWhatIsForNobody) {
  const memory::on there{client};
  EXPECT_THAT(stream_socket::connect("192.0.2.99:80"_endpoint, deadline::in(30s)),
              FailsWith(errc::timed_out));
}

}  // namespace
}  // namespace portsock::tests
