// SPDX-License-Identifier: MIT

// Many sockets, of which few or all are ready.

#include <gtest/gtest.h>

#include <array>
#include <set>
#include <vector>

#include <tests/support/many_sockets.hpp>
#include <tests/support/mechanisms.hpp>

namespace portsock::tests {
namespace {

class PollerScale : public testing::TestWithParam<poll_mechanism> {
 protected:
  void SetUp() override {
    if (waiting.mechanism() != GetParam()) GTEST_SKIP() << "the running system has it not";
  }

  void add_all(interest wanted, trigger when) {
    for (std::size_t i = 0; i < sockets.size(); ++i) must(waiting.add(sockets[i], wanted, i, when));
  }

  poller waiting = must(poller::create(GetParam()));
  std::vector<datagram_socket> sockets;
  std::array<std::byte, 64> buffer{};
};
INSTANTIATE_TEST_SUITE_P(, PollerScale, testing::ValuesIn(poller::mechanisms()),
                         [](const auto& instance) { return name_of(instance.param); });

TEST_P(PollerScale, TellsTheFewThatAreReadyOfTenThousand) {
  sockets = many_sockets(10'000);
  add_all(interest::receive, trigger::level);
  EXPECT_TRUE(must(waiting.wait(deadline::now())).empty());

  std::set<std::uint64_t> sent;
  for (std::size_t i = 0; i < sockets.size(); i += 97) {
    must(sockets[i].send_to(as_bytes("x"), must(sockets[i].local_endpoint())));
    sent.insert(i);
  }

  std::set<std::uint64_t> told;
  while (told.size() < sent.size()) {
    const auto found = must(waiting.wait(soon()));
    ASSERT_FALSE(found.empty());
    for (const auto& each : found) {
      EXPECT_TRUE(told.insert(each.token).second) << "each once until it is read";
      EXPECT_EQ(must(sockets[static_cast<std::size_t>(each.token)].receive_from(buffer)).size, 1u);
    }
  }
  EXPECT_EQ(told, sent);
  EXPECT_TRUE(must(waiting.wait(shortly())).empty());
}

TEST_P(PollerScale, TellsOfAllThatBecomeReadyAtOnce) {
  sockets = many_sockets(2'000);
  for (const auto when : {trigger::edge, trigger::level}) {
    add_all(interest::both, when);

    std::set<std::uint64_t> told;
    for (std::size_t waits = 0; told.size() < sockets.size() && waits < sockets.size(); ++waits)
      for (const auto& each : must(waiting.wait(soon()))) {
        EXPECT_TRUE(each.can_send);
        told.insert(each.token);
      }

    EXPECT_EQ(told.size(), sockets.size());
    for (const auto& each : sockets) must(waiting.remove(each));
    EXPECT_TRUE(must(waiting.wait(shortly())).empty());
  }
}

}  // namespace
}  // namespace portsock::tests
