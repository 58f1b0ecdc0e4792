// SPDX-License-Identifier: MIT

// How time leaps for threads that come and go.

#include <gtest/gtest.h>

#include <optional>
#include <thread>

#include <portsock/memory.hpp>
#include <tests/support/matchers.hpp>
#include <tests/support/sockets.hpp>

namespace portsock::tests {
namespace {

using namespace literals;
using memory::passing;

/// A service on a thread of its own, that gives up when nobody comes for a minute.
class ThreadsOneAfterAnother : public testing::Test {
 protected:
  ThreadsOneAfterAnother() {
    net.connect(client, server, {.latency = 10ms});
    net.set_time(passing::leaps, 2);
    const memory::on there{server};
    listener.emplace(must(stream_listener::listen("192.0.2.1:80"_endpoint)));
  }

  auto serve() {
    return in_background([this] {
      int served = 0;
      while (listener->accept(deadline::in(1min))) ++served;
      return served;
    });
  }
  void run_client() {
    const memory::on here{client};
    EXPECT_THAT(stream_socket::connect("192.0.2.1:80"_endpoint, deadline::in(1s)), Succeeds());
  }

  memory::network net{7};
  memory::host server = net.add_host("server", {"192.0.2.1"_ip});
  memory::host client = net.add_host("client", {"192.0.2.2"_ip});
  std::optional<stream_listener> listener;
};

TEST_F(ThreadsOneAfterAnother, AreAllServed) {
  auto served = serve();
  for (int i = 0; i != 3; ++i) std::thread{[this] { run_client(); }}.join();
  EXPECT_EQ(served.get(), 3);
}

/// Real time passes in which the next thread has not begun to wait.
TEST_F(ThreadsOneAfterAnother, MayTakeAWhileToCome) {
  auto served = serve();
  for (int i = 0; i != 3; ++i)
    std::thread{[this] {
      std::this_thread::sleep_for(100ms);
      run_client();
    }}.join();
  EXPECT_EQ(served.get(), 3);
}

TEST_F(ThreadsOneAfterAnother, MayBeBusyWhileOthersWait) {
  auto served = serve();
  for (int i = 0; i != 3; ++i)
    std::thread{[this] {
      const memory::on here{client};
      std::this_thread::sleep_for(100ms);
      run_client();
    }}.join();
  EXPECT_EQ(served.get(), 3);
}

}  // namespace
}  // namespace portsock::tests
