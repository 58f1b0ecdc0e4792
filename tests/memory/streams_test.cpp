// SPDX-License-Identifier: MIT

// What a path does to the streams that cross it.

#include <gmock/gmock.h>

#include <array>
#include <optional>
#include <vector>

#include <portsock/memory.hpp>
#include <portsock/stream_statistics.hpp>
#include <portsock/urgent_data.hpp>
#include <tests/support/matchers.hpp>
#include <tests/support/sockets.hpp>

namespace portsock::tests {
namespace {

using namespace literals;
using memory::passing;

/// A client and a server, and one connection between them.
class StreamOverAPath : public testing::Test {
 protected:
  StreamOverAPath() {
    net.set_time(passing::leaps);
    connect_over({});
  }

  /// In place of the connection before.
  void connect_over(const memory::path& both_ways) {
    net.connect(client, server, both_ways);
    std::optional<stream_listener> listener;
    {
      const memory::on at_server{server};
      listener.emplace(must(stream_listener::listen("192.0.2.1:80"_endpoint)));
    }
    const memory::on at_client{client};
    pair.emplace(connected_pair{must(stream_socket::connect("192.0.2.1:80"_endpoint, soon())),
                                must(listener->accept(soon()))});
  }
  stream_socket& here() { return pair->here; }
  stream_socket& there() { return pair->there; }

  memory::network net{7};
  memory::host server = net.add_host("server", {"192.0.2.1"_ip});
  memory::host client = net.add_host("client", {"192.0.2.2"_ip});
  std::optional<connected_pair> pair;
  std::array<std::byte, 64> buffer{};
};

TEST_F(StreamOverAPath, CrossesInAnyNumberOfSegments) {
  connect_over({.loss = 1e-12, .mtu = 68});
  must(here().set(options::send_buffer, 4 << 20));
  must(there().set(options::receive_buffer, 4 << 20));
  const auto data = pattern(4'000'000);

  EXPECT_THAT(here().send_all(data, soon()), Succeeds());

  must(here().shutdown(direction::send));
  EXPECT_TRUE(hear_all(there()) == data);
}

TEST_F(StreamOverAPath, CrossesOneWhosePacketsHaveNoRoom) {
  for (const std::uint32_t mtu : {0u, 39u, 40u}) {
    connect_over({.loss = 1e-12, .mtu = mtu});
    say(here(), "hello");
    EXPECT_EQ(hear(there(), 5), "hello") << mtu;
    EXPECT_GT(must(statistics_of(here())).segment_size, 0u) << mtu;
  }
}

TEST_F(StreamOverAPath, EndsAsSoonAsItsDataHasArrived) {
  connect_over({.latency = 20ms});
  const auto began = deadline::clock::now();
  say(here(), "hello");
  must(here().shutdown(direction::send));
  EXPECT_EQ(hear_all(there()).size(), 5u);
  EXPECT_EQ(deadline::clock::now() - began, 20ms);
}

TEST_F(StreamOverAPath, ThatIsShutIsToldOfAResetThatGotLost) {
  net.set_path(server, client, {.open = false});
  std::move(there()).abort();
  must(here().shutdown(direction::send));
  net.after(1min, [this] { net.set_path(server, client, {}); });
  EXPECT_THAT(here().receive(buffer, deadline::in(24h)), FailsWith(errc::connection_reset));
}

TEST_F(StreamOverAPath, ThatIsAbortedSendsNothingMore) {
  connect_over({.latency = 10ms, .bandwidth = 100'000});
  const auto data = pattern(20'000);
  must(here().send(data, soon()));
  const auto sent = net.count().sent;

  std::move(here()).abort();

  while (there().receive(buffer, soon()).value_or(0) != 0) continue;
  net.advance(10s);
  EXPECT_LE(net.count().sent, sent + 1) << "the reset";
}

TEST_F(StreamOverAPath, ThatIsAbortedRepeatsNothing) {
  for (const auto latency : {0ms, 10ms}) {
    connect_over({.latency = latency});
    net.advance(1s);
    net.set_path(server, client, {.loss = 1});  // nothing is acknowledged
    say(here(), "hello");
    const auto sent = net.count().sent;

    std::move(here()).abort();

    net.advance(1h);
    EXPECT_LE(net.count().sent, sent + 1) << "the reset";
  }
}

TEST_F(StreamOverAPath, BringsWhatHadLeftBeforeTheAbort) {
  connect_over({.latency = 10ms});
  say(here(), "a");
  say(here(), "b");

  std::move(here()).abort();

  EXPECT_EQ(hear(there(), 2), "ab");
  EXPECT_THAT(there().receive(buffer, soon()), FailsWith(errc::connection_reset));
}

TEST_F(StreamOverAPath, IsWholeAfterUrgentDataThatFoundNoRoom) {
  const auto filled = fill(here());
  ASSERT_THAT(send_urgent(here(), std::byte{'!'}), FailsWith(errc::would_block));
  EXPECT_EQ(hear(there(), filled).size(), filled);

  say(here(), "hello");

  EXPECT_EQ(hear(there(), 5), "hello");
}

TEST_F(StreamOverAPath, GivesWhatHasArrivedBeforeItTellsOfItsEnd) {
  say(there(), "hello");
  net.set_open(client, server, false);
  say(here(), "nobody hears this");
  net.advance(1h);

  EXPECT_EQ(must(here().receive(buffer, soon())), 5u);
  EXPECT_THAT(here().receive(buffer, soon()), FailsWith(errc::connection_reset));
}

TEST_F(StreamOverAPath, GivesWhatHasArrivedAfterASendThatFailed) {
  say(there(), "hello");
  net.set_open(client, server, false);
  say(here(), "nobody hears this");
  net.advance(1h);

  EXPECT_THAT(here().send(as_bytes("x"), soon()), FailsWith(errc::connection_reset));
  EXPECT_EQ(must(here().receive(buffer, soon())), 5u);
}

TEST_F(StreamOverAPath, IsNotGivenUpForPartitionsThatItHasOutlived) {
  const auto filled = fill(here());
  for (int i = 0; i != 4; ++i) {
    net.set_open(client, server, false);
    ASSERT_THAT(here().shutdown(direction::send), Succeeds()) << i;  // asks whether there is room
    net.advance(4min);
    net.set_open(client, server, true);
    net.advance(3min);
  }
  EXPECT_EQ(hear_all(there()).size(), filled);
}

TEST_F(StreamOverAPath, ThatWasResetSendsNoReset) {
  for (const bool aborts : {false, true}) {
    connect_over({});
    say(here(), "unread");
    std::move(here()).abort();
    ASSERT_TRUE(is_reset(there()));
    const auto sent = net.count().sent;

    aborts ? std::move(there()).abort() : pair.reset();

    EXPECT_EQ(net.count().sent, sent) << aborts;
  }
}

TEST_F(StreamOverAPath, PassesNoMoreRoutersThanItsHopLimitSays) {
  const memory::path two_hops{.routers = {"10.0.0.1"_ip, "10.0.0.2"_ip}};
  connect_over(two_hops);
  must(here().set(options::hop_limit, 2));
  say(here(), "far");
  EXPECT_FALSE(can_receive(there(), deadline::in(60s)));
  must(here().set(options::hop_limit, 3));
  EXPECT_TRUE(can_receive(there(), deadline::in(10min)));
  EXPECT_EQ(hear(there(), 3), "far");

  must(there().set(options::hop_limit, 2));
  say(there(), "back");
  EXPECT_FALSE(can_receive(here(), deadline::in(60s)));
}

}  // namespace
}  // namespace portsock::tests
