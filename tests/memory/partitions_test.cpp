// SPDX-License-Identifier: MIT

// Ways that are closed, or lose all, in both directions or in one.

#include <gmock/gmock.h>

#include <array>
#include <optional>

#include <portsock/memory.hpp>
#include <portsock/stream_statistics.hpp>
#include <tests/support/matchers.hpp>
#include <tests/support/sockets.hpp>

namespace portsock::tests {
namespace {

using namespace literals;
using memory::passing;

/// As Linux gives up: 0.2 + 0.4 + ... + 102.4 + 5 * 120 seconds.
constexpr auto patience_of_tcp = 804'600ms;

class BetweenTwo : public testing::Test {
 protected:
  BetweenTwo() { net.set_time(passing::leaps); }

  void set_there(const memory::path& way) { net.set_path(client, server, way); }
  void set_back(const memory::path& way) { net.set_path(server, client, way); }

  stream_listener listener_at_server() {
    const memory::on there{server};
    return must(stream_listener::listen("192.0.2.1:80"_endpoint));
  }
  result<stream_socket> connect(deadline until) {
    const memory::on there{client};
    return stream_socket::connect("192.0.2.1:80"_endpoint, until);
  }
  connected_pair connected_hosts(deadline until = soon()) {
    auto listener = listener_at_server();
    auto here = must(connect(until));
    return {std::move(here), must(listener.accept(soon()))};
  }

  memory::network net{7};
  memory::host server = net.add_host("server", {"192.0.2.1"_ip});
  memory::host client = net.add_host("client", {"192.0.2.2"_ip});
  std::array<std::byte, 4096> buffer{};
};

// ---- both ways

using HostsThat = BetweenTwo;

TEST_F(HostsThat, ArePartedDoNotConnect) {
  net.set_open(client, server, false);
  auto listener = listener_at_server();
  EXPECT_THAT(connect(deadline::in(10s)), FailsWith(errc::timed_out));
  const auto began = deadline::clock::now();
  const auto given_up = connect(deadline::never());
  EXPECT_THAT(given_up, FailsWith(errc::timed_out));
  EXPECT_EQ(given_up.error().domain(), error_domain::system) << "TCP gives up by itself";
  EXPECT_EQ(deadline::clock::now() - began, 127s) << "1 + 2 + 4 + 8 + 16 + 32 + 64";
}

TEST_F(HostsThat, WerePartedGoOn) {
  auto [here, there] = connected_hosts();
  net.set_open(client, server, false);
  say(here, "late");
  EXPECT_FALSE(can_receive(there, deadline::in(60s)));
  net.set_open(client, server, true);
  EXPECT_EQ(must(there.receive(buffer, deadline::in(10min))), 4u);
}

TEST_F(HostsThat, StayPartedGiveTheirConnectionUp) {
  auto [here, there] = connected_hosts();
  net.set_open(client, server, false);
  say(here, "nobody hears this");
  for (int i = 0; i != 2; ++i)
    EXPECT_THAT(here.receive(buffer, deadline::in(1h)), FailsWith(errc::connection_reset)) << i;
  EXPECT_THAT(here.send(as_bytes("x")), testing::Not(Succeeds()));
}

TEST_F(HostsThat, ArePartedHearNothingThatHadGotLostBefore) {
  for (int i = 0; i != 20; ++i) {
    auto pair = connected_hosts();
    set_there({.loss = 0.9});
    say(pair.here, "x");
    const bool had_arrived = can_receive(pair.there, deadline::now());
    net.set_open(client, server, false);
    EXPECT_EQ(can_receive(pair.there, deadline::in(10min)), had_arrived) << i;
    set_there({});
    set_back({});
  }
}

TEST_F(HostsThat, ArePartedSendAgainAndAreCounted) {
  auto pair = connected_hosts();
  const auto before = net.count();
  net.set_open(client, server, false);
  say(pair.here, "nobody hears this");

  net.advance(5min);

  const auto after = net.count();
  EXPECT_EQ(after.sent - before.sent, 11u) << "now, and after 0.2, 0.6, 1.4 ... 204.6 seconds";
  EXPECT_EQ(after.lost - before.lost, 11u);
  EXPECT_EQ(must(statistics_of(pair.here)).retransmitted_segments, 10u);
}

// ---- one way

using OneWay = BetweenTwo;

TEST_F(OneWay, BringsARequestThatNobodyCanAnswer) {
  auto pair = connected_hosts();
  set_back({.open = false});
  const auto began = deadline::clock::now();

  say(pair.here, "request");
  EXPECT_EQ(hear(pair.there, 7), "request");
  say(pair.there, "answer");

  EXPECT_THAT(pair.here.receive(buffer, deadline::in(1h)), FailsWith(errc::connection_reset));
  EXPECT_EQ(deadline::clock::now() - began, patience_of_tcp) << "it was never acknowledged";
}

TEST_F(OneWay, TakesNoMoreThanTheReceiverHadRoomFor) {
  auto pair = connected_hosts();
  set_back({.open = false});
  std::size_t arrived = 0;

  for (int i = 0; i != 20; ++i) {
    static_cast<void>(pair.here.send_all(pattern(100'000), deadline::in(1s)));
    while (const auto got = pair.there.receive(buffer, deadline::now())) arrived += *got;
  }

  EXPECT_GT(arrived, 0u);
  EXPECT_LE(arrived, static_cast<std::size_t>(must(pair.there.get(options::receive_buffer))));
}

TEST_F(OneWay, IsOvercomeWhenItOpensAgain) {
  const auto data = pattern(1'000'000);
  for (const auto& closed : {memory::path{.open = false}, memory::path{.loss = 1}}) {
    for (const bool is_back : {false, true}) {
      auto pair = connected_hosts();
      net.set_time(passing::leaps, 2);
      const auto set = [this, is_back](const memory::path& way) {
        is_back ? set_back(way) : set_there(way);
      };
      set(closed);
      net.after(1min, [&] { set({}); });
      auto sent = in_background([&] {
        EXPECT_THAT(pair.here.send_all(data, deadline::in(1h)), Succeeds());
        must(pair.here.shutdown(direction::send));
      });
      std::size_t arrived = 0;
      while (const auto got = must(pair.there.receive(buffer, deadline::in(1h)))) arrived += got;
      sent.get();
      EXPECT_EQ(arrived, 1'000'000u) << closed.open << is_back;
    }
  }
}

TEST_F(OneWay, ConnectsNobody) {
  auto listener = listener_at_server();
  for (const auto& closed : {memory::path{.open = false}, memory::path{.loss = 1}}) {
    set_back(closed);
    EXPECT_THAT(connect(deadline::in(30s)), FailsWith(errc::timed_out));
  }
  EXPECT_FALSE(can_receive(listener, deadline::now()));
}

TEST_F(OneWay, TellsNobodyThatAPortIsClosed) {
  for (const auto& closed : {memory::path{.open = false}, memory::path{.loss = 1}}) {
    set_back(closed);
    EXPECT_THAT(connect(deadline::in(30s)), FailsWith(errc::timed_out));
  }
}

TEST_F(OneWay, KeepsDatagramsOfTheOther) {
  set_back({.open = false});
  const auto bound = [](memory::host where, const endpoint& local) {
    const memory::on there{where};
    return must(datagram_socket::bind(local));
  };
  auto at_server = bound(server, "192.0.2.1:5000"_endpoint);
  auto at_client = bound(client, "192.0.2.2:5000"_endpoint);

  must(at_client.send_to(as_bytes("x"), "192.0.2.1:5000"_endpoint));
  must(at_server.send_to(as_bytes("x"), "192.0.2.2:5000"_endpoint));

  EXPECT_TRUE(can_receive(at_server, deadline::now()));
  EXPECT_FALSE(can_receive(at_client, deadline::in(1h)));
}

TEST_F(OneWay, KeepsAResetFromThePeer) {
  auto pair = connected_hosts();
  set_there({.loss = 1});
  std::move(pair.here).abort();
  EXPECT_THAT(pair.there.receive(buffer, deadline::in(1h)), FailsWith(errc::timed_out));
  set_there({});
  say(pair.there, "x");
  EXPECT_TRUE(is_reset(pair.there)) << "it is told when it says something";
}

TEST_F(OneWay, KeepsAResetUntilItLeadsBackAgain) {
  for (const auto& closed : {memory::path{.open = false}, memory::path{.loss = 1}}) {
    auto pair = connected_hosts();
    set_back(closed);
    std::move(pair.there).abort();
    say(pair.here, "x");
    EXPECT_FALSE(can_receive(pair.here, deadline::in(1min))) << closed.open;
    set_back({});
    EXPECT_THAT(pair.here.receive(buffer, deadline::in(24h)), FailsWith(errc::connection_reset));
  }
}

TEST_F(OneWay, ThatLosesSomeTellsEverybodyOfAReset) {
  set_back({.loss = 0.5});
  for (int i = 0; i != 40; ++i) {
    auto pair = connected_hosts(deadline::in(10min));
    std::move(pair.there).abort();
    static_cast<void>(pair.here.send(as_bytes("x")));
    EXPECT_THAT(pair.here.receive(buffer, deadline::in(24h)), FailsWith(errc::connection_reset))
        << i;
  }
}

TEST_F(OneWay, ThatLosesAllBringsNothingOfAStream) {
  for (const double loss : {1.0, 1 - 1e-9}) {
    auto pair = connected_hosts();
    set_there({.loss = loss});
    const auto began = deadline::clock::now();

    say(pair.here, "hello");

    EXPECT_THAT(pair.here.receive(buffer, deadline::in(1h)), FailsWith(errc::connection_reset));
    EXPECT_EQ(deadline::clock::now() - began, patience_of_tcp) << loss;
    EXPECT_FALSE(can_receive(pair.there, deadline::in(1h))) << loss;
    set_there({});
  }
}

TEST_F(OneWay, ThatLosesNearlyAllIsOvercomeWhenItNoLongerDoes) {
  auto pair = connected_hosts();
  set_there({.loss = 1 - 1e-9});
  say(pair.here, "hello");
  net.after(1min, [this] { set_there({}); });
  ASSERT_TRUE(can_receive(pair.there, deadline::in(10min)));
  EXPECT_EQ(hear(pair.there, 5), "hello");
}

TEST_F(OneWay, IsClosedForWhatWasNotAcknowledgedToo) {
  auto pair = connected_hosts();
  set_back({.open = false});
  say(pair.here, "heard, and never acknowledged");
  const auto before = net.count();
  set_there({.open = false});

  net.advance(5min);

  EXPECT_EQ(net.count().sent - before.sent, 10u) << "after 0.2, 0.6, 1.4 ... 204.6 seconds";
  EXPECT_EQ(net.count().lost - before.lost, 10u);
}

TEST_F(OneWay, ThatLosesAnswersHasThemGivenAgain) {
  auto pair = connected_hosts();
  set_back({.loss = 0.5});
  for (int i = 0; i != 20; ++i) {
    say(pair.here, "x");
    EXPECT_EQ(hear(pair.there, 1), "x");
    net.advance(1min);
  }
  const auto told = must(statistics_of(pair.here));
  EXPECT_GT(told.retransmitted_segments.value_or(0), 5u);
  EXPECT_EQ(net.count().lost, 0u) << "answers are not counted";
}

TEST_F(OneWay, ThatLosesSomeConnectsLater) {
  auto listener = listener_at_server();
  set_back({.loss = 0.5});
  const auto began = deadline::clock::now();
  for (int i = 0; i != 8; ++i) EXPECT_THAT(connect(deadline::in(10min)), Succeeds());
  EXPECT_GE(deadline::clock::now() - began, 1s);
}

}  // namespace
}  // namespace portsock::tests
