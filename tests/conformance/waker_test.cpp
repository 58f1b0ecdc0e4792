// SPDX-License-Identifier: MIT
#include <gtest/gtest.h>

#include <cerrno>
#include <thread>
#include <vector>

#include <portsock/waker.hpp>
#include <tests/support/sockets.hpp>
#include <tests/support/system.hpp>

namespace portsock::tests {
namespace {

class Waker : public testing::Test {
 protected:
  bool is_awake() const { return can_receive(alarm, deadline::now()); }

  waker alarm = must(waker::create());
};

TEST_F(Waker, SleepsAtFirst) { EXPECT_FALSE(is_awake()); }

TEST_F(Waker, StaysAwakeUntilItIsCleared) {
  alarm.wake();
  EXPECT_TRUE(can_receive(alarm));
  EXPECT_TRUE(is_awake());

  alarm.clear();
  EXPECT_FALSE(is_awake());

  alarm.wake();
  EXPECT_TRUE(can_receive(alarm));
}

TEST_F(Waker, WokenManyTimesIsWokenOnce) {
  for (int i = 0; i < 100'000; ++i) alarm.wake();
  EXPECT_TRUE(can_receive(alarm));

  alarm.clear();

  EXPECT_FALSE(is_awake());
}

TEST_F(Waker, TellsWhetherItIsAwake) {
  EXPECT_FALSE(alarm.is_awake());
  alarm.wake();
  EXPECT_TRUE(alarm.is_awake());
  alarm.clear();
  EXPECT_FALSE(alarm.is_awake());
}

TEST_F(Waker, EndsEachWaitUntilItIsCleared) {
  auto idle = must(poller::create());
  alarm.wake();
  for (int times = 0; times != 2; ++times)
    EXPECT_THAT(idle.wait(deadline::never().or_when(alarm)), FailsWith(errc::cancelled));

  alarm.clear();

  const auto waited = must(idle.wait(shortly().or_when(alarm)));
  EXPECT_TRUE(waited.empty());
}

TEST_F(Waker, ClearedWithoutNeedSleepsOn) {
  alarm.clear();
  alarm.clear();

  EXPECT_FALSE(is_awake());
}

TEST_F(Waker, IsWokenByManyThreadsAtOnce) {
  std::vector<std::thread> threads;
  for (int i = 0; i < 4; ++i)
    threads.emplace_back([this] {
      for (int j = 0; j < 1000; ++j) alarm.wake();
    });
  for (auto& thread : threads) thread.join();

  EXPECT_TRUE(can_receive(alarm));
  alarm.clear();
  EXPECT_FALSE(is_awake());
}

TEST_F(Waker, LeavesErrnoAlone) {
  errno = 77;
  for (int i = 0; i < 100'000; ++i) alarm.wake();
  EXPECT_EQ(errno, 77);
}

TEST_F(Waker, IsNotInherited) { EXPECT_FALSE(is_inheritable(alarm.native())); }

TEST_F(Waker, WakesEveryPollerThatWatchesIt) {
  auto first = must(poller::create());
  auto second = must(poller::create());
  must(first.add(alarm, interest::receive, 1));
  must(second.add(alarm, interest::receive, 2));

  alarm.wake();

  EXPECT_EQ(must(first.wait(soon())).size(), 1u);
  EXPECT_EQ(must(second.wait(soon())).size(), 1u);
}

TEST_F(Waker, LeavesNothingOpen) {
  const auto before = count_open_handles();
  for (int i = 0; i < 20; ++i) must(waker::create()).wake();
  EXPECT_LT(count_open_handles(), before + 10);
}

TEST(Canceller, IsCancelledForGood) {
  const auto stop = must(canceller::create());
  EXPECT_FALSE(stop.is_cancelled());

  stop.cancel();

  EXPECT_TRUE(stop.is_cancelled());
  EXPECT_TRUE(stop.is_cancelled()) << "asking changes nothing";
  stop.cancel();
  EXPECT_TRUE(stop.is_cancelled());
}

TEST(Canceller, IsPartOfTheDeadlineAndLeavesItsMomentAlone) {
  const auto stop = must(canceller::create());
  const auto plain = soon();
  const auto stoppable = plain.or_when(stop);

  EXPECT_EQ(stoppable.moment(), plain.moment());
  EXPECT_EQ(stoppable.cancel_handle(), stop.native());
  EXPECT_EQ(plain.cancel_handle(), native_handle::invalid);
}

TEST(Canceller, CanBePolledLikeASocket) {
  const auto stop = must(canceller::create());
  EXPECT_FALSE(can_receive(stop, deadline::now()));

  stop.cancel();

  EXPECT_TRUE(can_receive(stop));
}

TEST(Canceller, StopsManyWaitsAtOnce) {
  const auto stop = must(canceller::create());
  std::vector<std::future<result<stream_socket>>> waits;
  for (int i = 0; i < 4; ++i)
    waits.push_back(in_background([&stop] {
      auto listener = must(stream_listener::listen({ipv4_address::loopback(), 0}));
      return listener.accept(soon().or_when(stop));
    }));

  stop.cancel();

  for (auto& wait : waits) EXPECT_THAT(wait.get(), FailsWith(errc::cancelled));
}

}  // namespace
}  // namespace portsock::tests
