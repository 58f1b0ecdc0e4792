// SPDX-License-Identifier: MIT
#include <gtest/gtest.h>

#include <array>
#include <string>

#include <portsock/urgent_data.hpp>
#include <tests/support/on_each_family.hpp>
#include <tests/support/sockets.hpp>
#include <tests/support/system.hpp>

namespace portsock::tests {
namespace {

class UrgentData : public OnEachFamily {
 protected:
  void SetUp() override { must(there.set(options::out_of_band_inline, true)); }

  connected_pair pair = connected(GetParam());
  stream_socket& here = pair.here;
  stream_socket& there = pair.there;
  std::array<std::byte, 64> buffer{};
};
ON_EACH_FAMILY(UrgentData);

TEST_P(UrgentData, IsFoundAtItsPlace) {
  say(here, "calm");
  EXPECT_FALSE(must(is_at_mark(there)));
  ASSERT_THAT(send_urgent(here, std::byte{'!'}), Succeeds());
  say(here, "calm");

  if (!system().receives_stop_at_the_mark) {
    EXPECT_EQ(hear(there, 9), "calm!calm") << "it is in its place all the same";
    return;
  }
  std::string before;
  while (!must(is_at_mark(there))) {
    const auto got = must(there.receive(buffer, soon()));
    ASSERT_NE(got, 0u);
    before += as_text(std::span{buffer}.first(got));
    ASSERT_LE(before.size(), 4u) << "it ran over the mark";
  }

  EXPECT_EQ(before, "calm");
  EXPECT_EQ(hear(there, 5), "!calm");
  EXPECT_FALSE(must(is_at_mark(there)));
}

TEST_P(UrgentData, IsNowhereInAPlainStream) {
  EXPECT_FALSE(must(is_at_mark(there)));
  say(here, "calm");
  EXPECT_EQ(hear(there, 4), "calm");
  EXPECT_FALSE(must(is_at_mark(there)));
}

TEST_P(UrgentData, AfterShutdownIsABrokenPipe) {
  restore_signals();
  must(here.shutdown(direction::send));
  EXPECT_THAT(send_urgent(here, std::byte{'!'}), FailsWith(errc::broken_pipe));
}

TEST_P(UrgentData, MeetsAResetThatReceivingThenKnows) {
  std::move(there).abort();
  ASSERT_TRUE(is_reset(here));

  EXPECT_THAT(send_urgent(here, std::byte{'!'}), FailsWith(errc::connection_reset));
  EXPECT_THAT(here.receive(buffer, soon()), FailsWith(errc::connection_reset));
}

class Available : public UrgentData {};
ON_EACH_FAMILY(Available);

TEST_P(Available, CountsTheBytesOfAStream) {
  EXPECT_EQ(must(there.available()), 0u);
  say(here, "hello");
  ASSERT_TRUE(can_receive(there));
  EXPECT_EQ(must(there.available()), 5u);
  EXPECT_EQ(hear(there, 2), "he");
  EXPECT_EQ(must(there.available()), 3u);
}

TEST_P(Available, IsNothingAtTheEndOfTheStreamAndAfterShutdown) {
  must(here.shutdown(direction::send));
  ASSERT_TRUE(can_receive(there));
  EXPECT_EQ(must(there.available()), 0u);

  say(there, "unwanted");
  ASSERT_TRUE(can_receive(here));
  must(here.shutdown(direction::receive));
  EXPECT_EQ(must(here.available()), 0u);
}

}  // namespace
}  // namespace portsock::tests
