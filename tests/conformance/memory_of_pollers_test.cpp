// SPDX-License-Identifier: MIT

// What a poller allocates.

#include <gtest/gtest.h>

#include <vector>

#include <portsock/waker.hpp>
#include <tests/support/allocations.hpp>
#include <tests/support/many_sockets.hpp>
#include <tests/support/mechanisms.hpp>

namespace portsock::tests {
namespace {

class PollerMemory : public testing::TestWithParam<poll_mechanism> {
 protected:
  void SetUp() override {
    if (waiting.mechanism() != GetParam()) GTEST_SKIP() << "the running system has it not";
    if (allocated().calls == 0) GTEST_SKIP() << "ThreadSanitizer's own operators come first";
  }

  void add_all(interest wanted, trigger when) {
    for (std::size_t i = 0; i < sockets.size(); ++i) must(waiting.add(sockets[i], wanted, i, when));
  }

  poller waiting = must(poller::create(GetParam()));
  std::vector<datagram_socket> sockets;
};
INSTANTIATE_TEST_SUITE_P(, PollerMemory, testing::ValuesIn(poller::mechanisms()),
                         [](const auto& instance) { return name_of(instance.param); });

TEST_P(PollerMemory, AllocatesNothingForAWaitOrAnEvent) {
  sockets = many_sockets(300);
  add_all(interest::both, trigger::level);
  const auto stop = must(canceller::create());
  ASSERT_FALSE(must(waiting.wait(deadline::now().or_when(stop))).empty());

  const auto before = allocated().calls;
  for (int i = 0; i < 10; ++i) {
    EXPECT_FALSE(must(waiting.wait(deadline::in(1s))).empty());
    EXPECT_FALSE(must(waiting.wait(deadline::in(1s).or_when(stop))).empty());
  }

  EXPECT_EQ(allocated().calls, before);
}

TEST_P(PollerMemory, KeepsLittleOfEachSocket) {
  // AFD writes its answer, some 50 bytes, to where the socket's poll is until it has one.
  const std::size_t most = GetParam() == poll_mechanism::afd ? 160 : 32;
  sockets = many_sockets(2'000);
  const auto before = allocated().bytes;

  add_all(interest::receive, trigger::edge);
  EXPECT_TRUE(must(waiting.wait(deadline::now())).empty());

  EXPECT_LE((allocated().bytes - before) / sockets.size(), most);
}

}  // namespace
}  // namespace portsock::tests
