// SPDX-License-Identifier: MIT

// Every call that takes a deadline: it ends when the time is over, when somebody cancels, and when
// there is something to do.

#include <gtest/gtest.h>

#include <array>
#include <vector>

#include <portsock/waker.hpp>
#include <tests/support/deadline_calls.hpp>
#include <tests/support/on_each_family.hpp>
#include <tests/support/sockets.hpp>
#include <tests/support/system.hpp>

namespace portsock::tests {
namespace {

struct call_of_a_family {
  deadline_row row;
  family of;
  const char* suffix;
};

void PrintTo(const call_of_a_family& one, std::ostream* out) { *out << one.row.name; }

std::vector<call_of_a_family> calls_with_a_deadline() {
  std::vector<call_of_a_family> all;
  for (const auto of : families_here())
    for (const auto& table : {deadline_calls_of_streams(), deadline_calls_of_datagrams(),
                              deadline_calls_of_raw_sockets()})
      for (const auto& row : table) all.push_back({row, of, of == family::v4 ? "_v4" : "_v6"});
  for (const auto& row : deadline_calls_of_local_sockets())
    all.push_back({row, families_here().front(), ""});
  return all;
}

class DeadlineCall : public testing::TestWithParam<call_of_a_family> {
 protected:
  void SetUp() override {
    const auto& [row, of, suffix] = GetParam();
    if (const auto missing = row.missing(of); !missing.empty()) GTEST_SKIP() << missing;
    which = row.prepare(of);
  }

  deadline_call which;
};
INSTANTIATE_TEST_SUITE_P(, DeadlineCall, testing::ValuesIn(calls_with_a_deadline()),
                         [](const auto& instance) {
                           return instance.param.row.name + instance.param.suffix;
                         });

testing::Matcher<std::optional<error>> is(errc meaning) {
  return testing::Optional(testing::Eq(meaning));
}

TEST_P(DeadlineCall, TimesOutAndNotTooSoon) {
  const auto started = deadline::clock::now();

  EXPECT_THAT(which.make(deadline::in(60ms)), is(errc::timed_out));

  EXPECT_GE(deadline::clock::now() - started, 60ms);
  EXPECT_LT(deadline::clock::now() - started, 5s);
}

TEST_P(DeadlineCall, TimesOutAtOnceWhenThereIsNoTime) {
  EXPECT_THAT(which.make(deadline::now()), is(errc::timed_out));
}

TEST_P(DeadlineCall, IsCancelledFromAnotherThread) {
  const auto stop = must(canceller::create());
  auto outcome = in_background([&] { return which.make(soon().or_when(stop)); });
  stop.cancel();

  EXPECT_THAT(outcome.get(), is(errc::cancelled));
}

TEST_P(DeadlineCall, IsCancelledWithoutAMomentToo) {
  const auto stop = must(canceller::create());
  stop.cancel();

  EXPECT_THAT(which.make(deadline::never().or_when(stop)), is(errc::cancelled));
}

TEST_P(DeadlineCall, SucceedsWhenItNeedNotWait) {
  which.end();
  EXPECT_EQ(which.make(soon()), std::nullopt);
}

TEST_P(DeadlineCall, SucceedsWhenWhatItWaitsForHappens) {
  auto outcome = in_background([&] { return which.make(soon()); });
  which.end();

  EXPECT_EQ(outcome.get(), std::nullopt);
}

TEST_P(DeadlineCall, SucceedsWithoutAMomentToo) {
  auto outcome = in_background([&] { return which.make(deadline::never()); });
  which.end();

  EXPECT_EQ(outcome.get(), std::nullopt);
}

TEST_P(DeadlineCall, GoesOnForWhatIsLeftAfterSignals) {
  signal_storm storm{5ms};
  const auto started = deadline::clock::now();

  EXPECT_THAT(which.make(deadline::in(150ms)), is(errc::timed_out));

  EXPECT_GE(deadline::clock::now() - started, 150ms);
  EXPECT_LT(deadline::clock::now() - started, 5s);
  EXPECT_EQ(storm.count() > 0, system().has_signals);
}

// ---- a call without a deadline

class Signals : public OnEachFamily {};
ON_EACH_FAMILY(Signals);

TEST_P(Signals, DoNotShowInACallWithoutADeadline) {
  signal_storm storm{1ms};
  auto [here, there] = connected(GetParam());
  std::array<std::byte, 8> buffer;

  // Each answer takes the other thread a while, in which this one is interrupted.
  auto echo = in_background([&there] {
    auto idle = must(poller::create());
    for (int i = 0; i < 20; ++i) {
      const auto text = hear(there, 1);
      must(idle.wait(deadline::in(10ms)));
      say(there, text);
    }
  });
  for (int i = 0; i < 20; ++i) {
    ASSERT_THAT(here.send(as_bytes("x")), Succeeds());
    ASSERT_THAT(here.receive(buffer), Succeeds());
  }

  EXPECT_EQ(storm.count() > 0, system().has_signals);
}

}  // namespace
}  // namespace portsock::tests
