// SPDX-License-Identifier: MIT
#include <gtest/gtest.h>

#include <core/src/waits.hpp>
#include <portsock/waker.hpp>
#include <tests/support/sockets.hpp>

namespace portsock::detail {
namespace {

using namespace tests;

/// The answer of the first step that may not be made, of as many as any call makes.
std::optional<error> end_of(many_steps steps, int most = 200'000) {
  for (int i = 0; i != most; ++i)
    if (const auto next = steps.next(); !next) return next.error();
  return std::nullopt;
}

TEST(ManySteps, GoOnForEverWithoutADeadline) {
  EXPECT_EQ(end_of(many_steps{deadline::never()}), std::nullopt);
}

TEST(ManySteps, EndWhenTheTimeIsOver) {
  many_steps steps{deadline::at(deadline::clock::now())};
  EXPECT_THAT(end_of(steps, 100), testing::Optional(testing::Eq(errc::timed_out)));
}

TEST(ManySteps, EndWhenSomebodyCancels) {
  const auto stop = must(canceller::create());
  EXPECT_EQ(end_of(many_steps{soon().or_when(stop)}, 100), std::nullopt);
  stop.cancel();

  EXPECT_THAT(end_of(many_steps{soon().or_when(stop)}, 100),
              testing::Optional(testing::Eq(errc::cancelled)));
  EXPECT_THAT(end_of(many_steps{deadline::never().or_when(stop)}, 100),
              testing::Optional(testing::Eq(errc::cancelled)));
}

TEST(ManySteps, WithoutTimeAreThoseThatNeedNone) {
  EXPECT_EQ(end_of(many_steps{deadline::now()}, 1'000), std::nullopt) << "what can be done at once";
  EXPECT_THAT(end_of(many_steps{deadline::now()}), testing::Optional(testing::Eq(errc::timed_out)))
      << "but not for ever";
}

}  // namespace
}  // namespace portsock::detail
