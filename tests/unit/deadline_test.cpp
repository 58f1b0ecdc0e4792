// SPDX-License-Identifier: MIT
#include <gtest/gtest.h>

#include <chrono>
#include <cstdint>

#include <portsock/deadline.hpp>

namespace portsock {
namespace {

using namespace std::chrono_literals;
using clock = deadline::clock;

static_assert(deadline::never().is_never() && !deadline::now().is_never());
static_assert(deadline::at(clock::time_point{5s}).moment() == clock::time_point{5s});
static_assert(deadline::never().cancel_handle() == native_handle::invalid);

TEST(Deadline, ThatIsNeverHasNotPassedAndLeavesAllTheTime) {
  EXPECT_FALSE(deadline::never().has_passed());
  EXPECT_EQ(deadline::never().remaining(), clock::duration::max());
}

TEST(Deadline, ThatIsNowHasPassedAndLeavesNothing) {
  EXPECT_TRUE(deadline::now().has_passed());
  EXPECT_EQ(deadline::now().remaining(), 0s);
}

TEST(Deadline, InSomeTimeIsThatFarFromNow) {
  const auto before = clock::now();
  const auto made = deadline::in(1h);
  const auto after = clock::now();

  EXPECT_GE(made.moment(), before + 1h);
  EXPECT_LE(made.moment(), after + 1h);
  EXPECT_FALSE(made.has_passed());
  EXPECT_GT(made.remaining(), 59min);
  EXPECT_LE(made.remaining(), 1h);
}

TEST(Deadline, InThePastHasPassedAndLeavesNothingNegative) {
  const auto past = deadline::at(clock::now() - 1h);

  EXPECT_TRUE(past.has_passed());
  EXPECT_EQ(past.remaining(), 0s);
}

TEST(Deadline, InNoTimeOrLessIsNow) {
  EXPECT_EQ(deadline::in(0s).moment(), deadline::now().moment());
  EXPECT_EQ(deadline::in(-5s).moment(), deadline::now().moment());
  EXPECT_EQ(deadline::in(std::chrono::milliseconds::min()).moment(), deadline::now().moment());
}

TEST(Deadline, IsRoundedUpToTheClocksTick) {
  using tenth_of_a_nanosecond = std::chrono::duration<std::int64_t, std::ratio<1, 10'000'000'000>>;

  const auto before = clock::now();
  const auto made = deadline::in(tenth_of_a_nanosecond{1});

  EXPECT_GT(made.moment(), before);
}

TEST(Deadline, TakesFractionsOfTicks) {
  const auto before = clock::now();
  const auto made = deadline::in(std::chrono::duration<double>{0.25});

  EXPECT_GE(made.moment(), before + 250ms);
  EXPECT_LT(made.moment(), before + 1h);
}

TEST(Deadline, AfterASpanThatIsTooLongToAddIsNever) {
  EXPECT_TRUE(deadline::in(clock::duration::max()).is_never());
  EXPECT_TRUE(deadline::in(std::chrono::duration<double>{1e300}).is_never());
}

TEST(Deadline, AfterTheLongestSpanOfACoarserUnitIsNever) {
  EXPECT_TRUE(deadline::in(std::chrono::milliseconds::max()).is_never());
  EXPECT_TRUE(deadline::in(std::chrono::seconds::max()).is_never());
  EXPECT_TRUE(deadline::in(std::chrono::hours::max()).is_never());
}

TEST(Deadline, InTheNextCenturyIsAMoment) {
  const auto far = deadline::in(24h * 365 * 100);

  EXPECT_FALSE(far.is_never());
  EXPECT_FALSE(far.has_passed());
}

}  // namespace
}  // namespace portsock
