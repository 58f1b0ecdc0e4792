// SPDX-License-Identifier: MIT
#include <gtest/gtest.h>

#include <portsock/stream_pair.hpp>
#include <tests/support/sockets.hpp>
#include <tests/support/system.hpp>

namespace portsock::tests {
namespace {

TEST(StreamPair, CarriesBytesBothWays) {
  auto pair = must(stream_pair::create());

  say(pair.first, "to the second");
  EXPECT_EQ(hear(pair.second, 13), "to the second");
  say(pair.second, "to the first");
  EXPECT_EQ(hear(pair.first, 12), "to the first");
}

TEST(StreamPair, EndsWhenOneEndDoes) {
  auto pair = must(stream_pair::create());
  {
    const auto closed = std::move(pair.second);
  }

  EXPECT_TRUE(hear_all(pair.first).empty());
}

TEST(StreamPair, IsNotInherited) {
  const auto pair = must(stream_pair::create());

  EXPECT_FALSE(is_inheritable(pair.first.native()));
  EXPECT_FALSE(is_inheritable(pair.second.native()));
}

TEST(StreamPair, CanBeMadeManyTimes) {
  std::vector<stream_pair> pairs;
  for (int i = 0; i != 20; ++i) pairs.push_back(must(stream_pair::create()));

  for (auto& pair : pairs) say(pair.first, "x");
  for (auto& pair : pairs) EXPECT_EQ(hear(pair.second, 1), "x");
}

TEST(StreamPair, LeavesNothingOpen) {
  static_cast<void>(must(stream_pair::create()));
  const auto before = count_open_handles();
  for (int i = 0; i != 20; ++i) static_cast<void>(must(stream_pair::create()));
  EXPECT_LT(count_open_handles(), before + 10);
}

}  // namespace
}  // namespace portsock::tests
