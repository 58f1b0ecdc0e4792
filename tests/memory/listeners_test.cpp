// SPDX-License-Identifier: MIT

// What waits to be accepted, when connections take time to begin.

#include <gmock/gmock.h>

#include <array>
#include <optional>
#include <vector>

#include <portsock/memory.hpp>
#include <tests/support/matchers.hpp>
#include <tests/support/sockets.hpp>

namespace portsock::tests {
namespace {

using namespace literals;
using memory::passing;

TEST(ListenerFarAway, AcceptsNobodyWhoHasGivenUp) {
  memory::network net{7};
  net.set_time(passing::leaps);
  const auto server = net.add_host("server", {"192.0.2.1"_ip});
  const auto client = net.add_host("client", {"192.0.2.2"_ip});
  net.connect(client, server, {.latency = 10ms});
  std::optional<memory::on> there{server};
  auto listener = must(stream_listener::listen("192.0.2.1:80"_endpoint));
  there.emplace(client);
  EXPECT_THAT(stream_socket::connect("192.0.2.1:80"_endpoint, deadline::in(15ms)),
              FailsWith(errc::timed_out));
  EXPECT_THAT(listener.accept(deadline::in(1min)), FailsWith(errc::timed_out));
}

TEST(ListenerFarAway, HasNoMoreWaitingThanItsBacklogSays) {
  memory::network net{7};
  const auto server = net.add_host("server", {"192.0.2.1"_ip});
  const auto client = net.add_host("client", {"192.0.2.2"_ip});
  net.connect(client, server, {.latency = 10ms});
  std::optional<memory::on> there{server};
  auto listener = must(stream_listener::listen("192.0.2.1:80"_endpoint, {.backlog = 3}));
  there.reset();
  const auto most_waiting = [&](std::size_t connecting) {
    std::vector<std::optional<stream_socket>> ends(connecting);
    std::vector<std::future<void>> threads;
    net.set_time(passing::leaps, connecting);
    for (auto& end : ends)
      threads.push_back(in_background([&end, client] {
        const memory::on there{client};
        auto made = stream_socket::connect("192.0.2.1:80"_endpoint, deadline::in(10s));
        if (made) end = std::move(*made);
      }));
    threads.clear();
    net.set_time(passing::leaps);
    net.advance(1s);
    int waiting = 0;
    while (listener.accept(deadline::now())) ++waiting;
    return waiting;
  };
  EXPECT_EQ(most_waiting(2), 2);
  EXPECT_EQ(most_waiting(12), 4) << "as on Linux, one more";
  EXPECT_EQ(most_waiting(2), 2) << "places come back";
}

/// A client that nobody has accepted yet.
class WaitingClient : public testing::Test {
 protected:
  WaitingClient() {
    net.set_time(passing::leaps);
    net.connect(client, server, {.latency = 10ms});
    {
      const memory::on there{server};
      listener.emplace(must(stream_listener::listen("192.0.2.1:80"_endpoint)));
    }
    const memory::on here{client};
    end.emplace(must(stream_socket::connect("192.0.2.1:80"_endpoint, soon())));
  }

  memory::network net{7};
  memory::host server = net.add_host("server", {"192.0.2.1"_ip});
  memory::host client = net.add_host("client", {"192.0.2.2"_ip});
  std::optional<stream_listener> listener;
  std::optional<stream_socket> end;
};

TEST_F(WaitingClient, IsResetAlsoWhenItHasClosed) {
  end.reset();
  net.advance(1s);

  net.reset_connections(server, client);

  std::array<std::byte, 8> buffer;
  auto accepted = must(listener->accept(soon()));
  EXPECT_THAT(accepted.receive(buffer, soon()), FailsWith(errc::connection_reset));
}

TEST_F(WaitingClient, IsResetOnItsWayAlsoWhenItHasClosed) {
  end.reset();

  net.reset_connections(server, client);

  EXPECT_THAT(listener->accept(deadline::in(1min)), FailsWith(errc::timed_out));
}

TEST_F(WaitingClient, IsNotResetBeforeItKnowsThatItIsConnected) {
  must(listener->accept(soon()));
  net.after(15ms, [this] { net.reset_connections(server, client); });
  const memory::on here{client};

  auto another = must(stream_socket::connect("192.0.2.1:80"_endpoint, soon()));

  say(another, "hello");
  auto accepted = must(listener->accept(soon()));
  EXPECT_EQ(hear(accepted, 5), "hello");
}

TEST_F(WaitingClient, ThatSentAResetIsSentNoneByAListenerThatCloses) {
  net.advance(1s);
  std::move(*end).abort();
  net.advance(1s);
  const auto sent = net.count().sent;

  listener.reset();

  EXPECT_EQ(net.count().sent, sent);
}

}  // namespace
}  // namespace portsock::tests
