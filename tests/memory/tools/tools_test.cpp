// SPDX-License-Identifier: MIT

// The tools on networks that are worse than any test could make a real one, in no time.

#include <gmock/gmock.h>

#include <array>
#include <sstream>

#include <portsock/memory.hpp>
#include <tests/support/sockets.hpp>
#include <tests/tools/support.hpp>
#include <tools/ping/ping.hpp>

namespace portsock::tests {
namespace {

using namespace literals;
using memory::passing;
using testing::HasSubstr;
using tools::exit_code;

class ToolsOnMemory : public testing::Test {
 protected:
  ToolsOnMemory() { net.set_time(passing::leaps); }

  exit_code ping(const tools::ping_options& options) {
    const auto stop = must(canceller::create());
    return tools::ping(options, output, log, stop);
  }
  exit_code send(tools::send_options options) {
    const auto stop = must(canceller::create());
    options.message = "hello";
    return tools::send(options, input(""), output, log, stop);
  }

  memory::network net{5};
  memory::host server = net.add_host("server", {"192.0.2.1"_ip});
  memory::host client = net.add_host("client", {"192.0.2.2"_ip});
  memory::on there{client};
  std::ostringstream output;
  std::ostringstream log;
};

TEST_F(ToolsOnMemory, SockpingPrintsTheRoundTripToTheLetter) {
  net.connect(client, server, {.latency = 12'500us});
  EXPECT_EQ(ping({.hosts = {"192.0.2.1"}, .count = 2}), exit_code::ok);
  EXPECT_EQ(output.str(),
            "PING 192.0.2.1 (192.0.2.1) 56 data bytes, raw socket\n"
            "64 bytes from 192.0.2.1: icmp_seq=1 ttl=64 time=25.0 ms\n"
            "64 bytes from 192.0.2.1: icmp_seq=2 ttl=64 time=25.0 ms\n"
            "\n--- 192.0.2.1 ping statistics ---\n"
            "2 packets transmitted, 2 received, 0% packet loss, time 1025ms\n"
            "rtt min/avg/max/mdev = 25.000/25.000/25.000/0.000 ms\n"
            "jitter 0.000 ms, p50/p90/p99 = 25.0/25.0/25.0 ms\n");
}

TEST_F(ToolsOnMemory, SockpingCountsWhatIsLost) {
  net.connect(client, server, {.latency = 10ms, .loss = 0.2});
  const auto began = deadline::clock::now();
  EXPECT_EQ(ping({.hosts = {"192.0.2.1"}, .count = 1000, .quiet = true}), exit_code::ok);
  EXPECT_GT(deadline::clock::now() - began, 999s);
  const auto lost = net.count().lost;
  EXPECT_GT(lost, 300u);
  EXPECT_THAT(output.str(),
              HasSubstr("1000 packets transmitted, " + std::to_string(1000 - lost) + " received"));
}

TEST_F(ToolsOnMemory, SockpingCountsWhatComesTwice) {
  net.set_path(server, client, {.latency = 10ms, .duplication = 1});
  EXPECT_EQ(ping({.hosts = {"192.0.2.1"}, .count = 3}), exit_code::ok);
  EXPECT_THAT(output.str(), HasSubstr("DUP"));
  EXPECT_THAT(output.str(), HasSubstr("3 duplicates"));
}

TEST_F(ToolsOnMemory, SockpingTracesTheRouters) {
  net.connect(client, server,
              {.latency = 30ms, .routers = {"10.0.0.1"_ip, "10.0.0.2"_ip, "10.0.0.3"_ip}});
  EXPECT_EQ(ping({.hosts = {"192.0.2.1"}, .trace = true}), exit_code::ok);
  for (const auto* const part : {"1 10.0.0.1 ", "2 10.0.0.2 ", "3 10.0.0.3 ", "4 192.0.2.1 "})
    EXPECT_THAT(output.str(), HasSubstr(part));
  EXPECT_THAT(output.str(), HasSubstr("15.000   15.000   15.000   15.000    0.000"));
}

TEST_F(ToolsOnMemory, SockpingFindsTheFewOfManyHosts) {
  for (int i = 10; i != 20; ++i)
    net.add_host("h" + std::to_string(i),
                 {ipv4_address{{192, 0, 2, static_cast<std::uint8_t>(i)}}});
  EXPECT_EQ(ping({.sweeps = {"192.0.2.0/24"}, .retries = 2}), exit_code::failure);
  EXPECT_THAT(output.str(), HasSubstr("254 hosts, 12 alive, 242 unreachable"));
}

TEST_F(ToolsOnMemory, SocksendGivesUpOnAHostThatSaysNothing) {
  const auto began = deadline::clock::now();
  auto options = to("192.0.2.77:80"_endpoint);
  options.retries = 2;
  EXPECT_EQ(send(options), exit_code::failure);
  EXPECT_GE(deadline::clock::now() - began, 3 * 5s);
  EXPECT_THAT(log.str(), HasSubstr("timed out"));
}

TEST_F(ToolsOnMemory, SocksendReachesAHostOnceItsNetworkHeals) {
  std::optional<stream_listener> listener;
  {
    const memory::on at_server{server};
    listener.emplace(must(stream_listener::listen("192.0.2.1:80"_endpoint)));
  }
  net.set_open(client, server, false);
  net.after(12s, [&] { net.set_open(client, server, true); });
  auto options = to("192.0.2.1:80"_endpoint);
  options.retries = 5;
  options.wait = 1s;
  EXPECT_EQ(send(options), exit_code::ok) << log.str();
  auto served = must(listener->accept(soon()));
  EXPECT_EQ(hear(served, 5), "hello");
}

TEST_F(ToolsOnMemory, SocklistenGoesOnAfterResets) {
  net.set_time(passing::runs);
  const memory::on at_home{net.localhost()};
  running_listen listening{{.addresses = {}, .echo = true}};
  const auto where = listening.where();
  auto first = must(stream_socket::connect(where, soon()));
  say(first, "one");
  EXPECT_EQ(hear(first, 3), "one");
  net.reset_connections(net.localhost(), net.localhost());
  std::array<std::byte, 8> room{};
  EXPECT_THAT(first.receive(room, soon()), FailsWith(errc::connection_reset));
  listening.log.expect(" reset by peer");
  auto second = must(stream_socket::connect(where, soon()));
  say(second, "two");
  EXPECT_EQ(hear(second, 3), "two");
}

}  // namespace
}  // namespace portsock::tests
