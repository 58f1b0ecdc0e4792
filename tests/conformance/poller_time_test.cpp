// SPDX-License-Identifier: MIT

// How long a poller waits, and what ends a wait.

#include <gtest/gtest.h>

#include <csignal>
#include <future>
#include <optional>

#include <portsock/waker.hpp>
#include <tests/support/mechanisms.hpp>
#include <tests/support/sockets.hpp>
#include <tests/support/system.hpp>

namespace portsock::tests {
namespace {

using clock = deadline::clock;

class PollerTime : public testing::TestWithParam<poll_mechanism> {
 protected:
  void SetUp() override {
    if (waiting.mechanism() != GetParam()) GTEST_SKIP() << "the running system has it not";
  }

  clock::duration time_of_waiting_for(clock::duration span) {
    const auto started = clock::now();
    EXPECT_TRUE(must(waiting.wait(deadline::in(span))).empty());
    return clock::now() - started;
  }

  /// How many sockets a wait on another thread finds.
  std::future<result<std::size_t>> wait_in_background(deadline until) {
    return in_background([this, until]() -> result<std::size_t> {
      const auto found = waiting.wait(until);
      if (!found) return found.failure();
      return found->size();
    });
  }

  poller waiting = must(poller::create(GetParam()));
  datagram_socket idle = must(datagram_socket::bind({ipv4_address::loopback(), 0}));
};
INSTANTIATE_TEST_SUITE_P(, PollerTime, testing::ValuesIn(poller::mechanisms()),
                         [](const auto& instance) { return name_of(instance.param); });

TEST_P(PollerTime, PassesThoughNothingIsWatched) {
  const auto took = time_of_waiting_for(150ms);

  EXPECT_GE(took, 150ms);
  EXPECT_LT(took, 5s);
}

TEST_P(PollerTime, PassesWhileNothingHappens) {
  must(waiting.add(idle, interest::receive, 1));

  const auto took = time_of_waiting_for(150ms);

  EXPECT_GE(took, 150ms);
  EXPECT_LT(took, 5s);
}

TEST_P(PollerTime, OfLessThanATickIsNeitherNothingNorForEver) {
  must(waiting.add(idle, interest::receive, 1));

  const auto took = time_of_waiting_for(300us);

  EXPECT_GE(took, 300us);
  EXPECT_LT(took, 5s);
}

TEST_P(PollerTime, OfZeroTellsWhatIsReadyNow) {
  must(waiting.add(idle, interest::receive, 1));
  EXPECT_TRUE(must(waiting.wait(deadline::now())).empty());

  must(idle.send_to(as_bytes("x"), must(idle.local_endpoint())));
  ASSERT_TRUE(can_receive(idle));

  EXPECT_EQ(must(waiting.wait(deadline::now())).size(), 1u);
}

TEST_P(PollerTime, ThatIsOverTellsWhatIsReadyNow) {
  must(waiting.add(idle, interest::send, 1));

  EXPECT_EQ(must(waiting.wait(deadline::at(clock::now() - 1h))).size(), 1u);
}

TEST_P(PollerTime, ThatNeverEndsEndsWithAnEvent) {
  must(waiting.add(idle, interest::receive, 1));
  auto found = in_background([&] { return must(waiting.wait(deadline::never())).size(); });
  auto sender = must(datagram_socket::bind({ipv4_address::loopback(), 0}));
  must(sender.send_to(as_bytes("x"), must(idle.local_endpoint())));

  ASSERT_EQ(found.wait_for(10s), std::future_status::ready);
  EXPECT_EQ(found.get(), 1u);
}

TEST_P(PollerTime, IsNotCutShortBySignals) {
  must(waiting.add(idle, interest::receive, 1));
  signal_storm storm{5ms};

  EXPECT_GE(time_of_waiting_for(200ms), 200ms);
  EXPECT_EQ(storm.count() > 0, system().has_signals);
}

TEST_P(PollerTime, IsCutShortByACanceller) {
  const auto stop = must(canceller::create());
  must(waiting.add(idle, interest::receive, 1));
  auto outcome = wait_in_background(soon().or_when(stop));
  stop.cancel();

  EXPECT_THAT(outcome.get(), FailsWith(errc::cancelled));
  EXPECT_THAT(waiting.wait(soon().or_when(stop)), FailsWith(errc::cancelled));
  EXPECT_THAT(waiting.wait(shortly()), Succeeds()) << "another deadline, another wait";
}

TEST_P(PollerTime, WithNothingWatchedIsCutShortByACanceller) {
  const auto stop = must(canceller::create());
  stop.cancel();

  EXPECT_THAT(waiting.wait(soon().or_when(stop)), FailsWith(errc::cancelled));
}

TEST_P(PollerTime, IsCutShortByAWaker) {
  const auto alarm = must(waker::create());
  must(waiting.add(alarm, interest::receive, 42));
  auto token = in_background([&] {
    const auto found = must(waiting.wait(soon()));
    return found.empty() ? 0u : found.front().token;
  });

  const auto started = clock::now();
  alarm.wake();

  EXPECT_EQ(token.get(), 42u);
  EXPECT_LT(clock::now() - started, 5s);
}

TEST_P(PollerTime, IsNoShorterForASpin) {
  must(waiting.add(idle, interest::receive, 1));
  waiting.spin_for(20us);

  EXPECT_GE(time_of_waiting_for(300us), 300us);
  EXPECT_GE(time_of_waiting_for(100ms), 100ms);
  EXPECT_TRUE(must(waiting.wait(deadline::now())).empty());
}

TEST_P(PollerTime, IsNoLongerForASpin) {
  must(waiting.add(idle, interest::receive, 1));
  waiting.spin_for(1h);

  const auto took = time_of_waiting_for(50ms);

  EXPECT_GE(took, 50ms);
  EXPECT_LT(took, 5s);
}

TEST_P(PollerTime, EndsWithAnEventInASpin) {
  must(waiting.add(idle, interest::receive, 1));
  waiting.spin_for(1h);
  auto found = in_background([&] { return must(waiting.wait(soon())).size(); });
  auto sender = must(datagram_socket::bind({ipv4_address::loopback(), 0}));

  must(sender.send_to(as_bytes("x"), must(idle.local_endpoint())));

  EXPECT_EQ(found.get(), 1u);
}

TEST_P(PollerTime, IsCutShortByACancellerInASpin) {
  const auto stop = must(canceller::create());
  waiting.spin_for(1h);
  auto outcome = wait_in_background(soon().or_when(stop));

  stop.cancel();

  EXPECT_THAT(outcome.get(), FailsWith(errc::cancelled));
}

std::optional<waker> alarm_of_the_handler;

TEST_P(PollerTime, IsCutShortFromASignalHandler) {
  alarm_of_the_handler.emplace(must(waker::create()));
  must(waiting.add(*alarm_of_the_handler, interest::receive, 42));
  auto* const before = std::signal(SIGINT, [](int) { alarm_of_the_handler->wake(); });
  auto token = in_background([&] {
    const auto found = must(waiting.wait(soon()));
    return found.empty() ? 0u : found.front().token;
  });

  std::raise(SIGINT);

  EXPECT_EQ(token.get(), 42u);
  std::signal(SIGINT, before);
  must(waiting.remove(*alarm_of_the_handler));
  alarm_of_the_handler.reset();
}

}  // namespace
}  // namespace portsock::tests
