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
