// SPDX-License-Identifier: MIT
#include <gtest/gtest.h>

#include <cmath>

#include <tools/ping/statistics.hpp>

namespace portsock::tools {
namespace {

moments of(std::initializer_list<double> values) {
  moments made;
  for (const double value : values) made.add(value);
  return made;
}

TEST(Moments, OfNothingAreZero) {
  const moments none;

  EXPECT_EQ(none.count(), 0u);
  EXPECT_EQ(none.smallest(), 0);
  EXPECT_EQ(none.largest(), 0);
  EXPECT_EQ(none.mean(), 0);
  EXPECT_EQ(none.deviation(), 0);
}

TEST(Moments, OfOneValueAreThatValueWithoutDeviation) {
  const auto one = of({0.25});

  EXPECT_EQ(one.smallest(), 0.25);
  EXPECT_EQ(one.largest(), 0.25);
  EXPECT_EQ(one.mean(), 0.25);
  EXPECT_EQ(one.deviation(), 0);
}

TEST(Moments, DeviationIsThatOfAllValuesAndNotOfASample) {
  const auto eight = of({2, 4, 4, 4, 5, 5, 7, 9});

  EXPECT_EQ(eight.count(), 8u);
  EXPECT_EQ(eight.smallest(), 2);
  EXPECT_EQ(eight.largest(), 9);
  EXPECT_DOUBLE_EQ(eight.mean(), 5);
  EXPECT_DOUBLE_EQ(eight.deviation(), 2);
}

TEST(Moments, DoNotDependOnTheOrder) {
  EXPECT_DOUBLE_EQ(of({9, 2, 5, 4, 7, 4, 5, 4}).deviation(), 2);
}

TEST(Moments, TakeValuesBelowZero) {
  const auto two = of({-3, 1});

  EXPECT_EQ(two.smallest(), -3);
  EXPECT_EQ(two.largest(), 1);
  EXPECT_DOUBLE_EQ(two.mean(), -1);
  EXPECT_DOUBLE_EQ(two.deviation(), 2);
}

// E[x²] − E[x]² loses every digit here: the squares are 10¹⁸, and doubles have 16 digits.
TEST(Moments, KeepSmallDeviationsOfLargeValues) {
  EXPECT_DOUBLE_EQ(of({1e9 + 4, 1e9 + 7, 1e9 + 13, 1e9 + 16}).deviation(), std::sqrt(22.5));
}

TEST(Histogram, KnowsQuantilesToAThirtySecond) {
  using namespace std::chrono_literals;
  histogram spread;
  EXPECT_EQ(spread.quantile(0.5), 0ns);
  for (int i = 1; i <= 1000; ++i) spread.add(i * 1us);

  for (const double portion : {0.01, 0.5, 0.9, 0.99, 1.0}) {
    const auto told = std::chrono::duration<double, std::micro>{spread.quantile(portion)}.count();
    EXPECT_NEAR(told, 1000 * portion, 1000 * portion / 32 + 1) << portion;
  }
}

TEST(Histogram, TellsNoQuantileThatIsBeyondAllTimes) {
  using namespace std::chrono_literals;
  histogram spread;
  for (int i = 0; i != 3; ++i) spread.add(25ms);
  for (const double portion : {0.0, 0.5, 1.0}) EXPECT_EQ(spread.quantile(portion), 25ms);
}

TEST(Histogram, HoldsTheShortestAndTheLongestTimes) {
  using namespace std::chrono_literals;
  histogram spread;
  spread.add(0ns);
  EXPECT_EQ(spread.quantile(1), 0ns);
  spread.add(24h * 365);
  EXPECT_GT(spread.quantile(1), 2h);
}

TEST(Statistics, FindRunsOfLosses) {
  statistics numbers;
  using kind = ping::event::what;
  std::uint64_t number = 0;
  for (const auto one :
       {kind::lost, kind::reply, kind::lost, kind::refused, kind::lost, kind::reply, kind::lost})
    numbers.note({.kind = one, .number = ++number, .ends_round = true}, {}, nullptr);

  EXPECT_EQ(numbers.losses.count(), 3u);
  EXPECT_EQ(numbers.losses.longest(), 3u);
}

TEST(LossRuns, AreOfRoundsOneAfterAnotherWheneverTheirLossIsKnown) {
  loss_runs runs;
  // An interval of a quarter of the timeout: the losses are known when later ones are answered.
  for (const auto round : {1, 4, 5}) runs.add(static_cast<std::uint64_t>(round), true);
  EXPECT_EQ(runs.count(), 0u);
  runs.add(2, false);
  runs.add(6, true);
  runs.add(3, false);
  runs.add(7, true);

  EXPECT_EQ(runs.count(), 1u);
  EXPECT_EQ(runs.longest(), 2u);
}

TEST(LossRuns, AreNotBrokenByARefusalThatIsKnownSooner) {
  loss_runs runs;
  runs.add(2, false);
  EXPECT_EQ(runs.count(), 1u) << "though it is not known what becomes of the first";
  runs.add(1, false);
  runs.add(3, false);

  EXPECT_EQ(runs.count(), 1u);
  EXPECT_EQ(runs.longest(), 3u);
}

TEST(LossRuns, OfSeveralHostsAddUp) {
  loss_runs one;
  one.add(1, false);
  one.add(2, false);
  loss_runs other;
  other.add(1, false);
  other.add(2, true);
  other.add(3, false);

  loss_runs all;
  all.add(one);
  all.add(other);

  EXPECT_EQ(all.count(), 3u);
  EXPECT_EQ(all.longest(), 2u);
}

TEST(Statistics, FindRepliesOutOfOrderAndJitter) {
  using namespace std::chrono_literals;
  statistics numbers;
  using kind = ping::event::what;
  const auto reply = [&](std::uint64_t number, std::chrono::nanoseconds time) {
    numbers.note({.kind = kind::reply, .number = number, .round_trip = time}, {}, nullptr);
  };
  reply(1, 1ms);
  reply(3, 4ms);
  reply(2, 2ms);

  EXPECT_EQ(numbers.out_of_order, 1u);
  EXPECT_DOUBLE_EQ(numbers.jitter.mean(), 2.5);
}

TEST(Loss, OfNothingIsNone) { EXPECT_EQ(statistics{}.loss(), 0); }

TEST(Loss, IsAShareOfWhatWasSent) {
  EXPECT_EQ((statistics{.sent = 4, .received = 4}.loss()), 0);
  EXPECT_EQ((statistics{.sent = 4, .received = 3}.loss()), 25);
  EXPECT_DOUBLE_EQ((statistics{.sent = 3, .received = 2}.loss()), 100.0 / 3);
  EXPECT_EQ((statistics{.sent = 4, .received = 0}.loss()), 100);
}

TEST(Loss, IsNotMadeUpForByDuplicates) {
  EXPECT_EQ((statistics{.sent = 2, .received = 1, .duplicates = 3}.loss()), 50);
}

}  // namespace
}  // namespace portsock::tools
