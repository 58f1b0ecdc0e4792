// SPDX-License-Identifier: MIT

// How time goes on for those who do not only wait.

#include <gtest/gtest.h>

#include <portsock/memory.hpp>
#include <portsock/poller.hpp>
#include <tests/support/matchers.hpp>
#include <tests/support/sockets.hpp>

namespace portsock::tests {
namespace {

using memory::passing;

class TimeThatLeaps : public testing::Test {
 protected:
  TimeThatLeaps() { net.set_time(passing::leaps); }

  memory::network net{7};
};

TEST_F(TimeThatLeaps, EndsAWaitThatSpinsFirst) {
  auto waiting = must(poller::create());
  waiting.spin_for(20us);
  const auto began = deadline::clock::now();

  EXPECT_TRUE(must(waiting.wait(deadline::in(1s))).empty());

  EXPECT_EQ(deadline::clock::now() - began, 1s);
}

}  // namespace
}  // namespace portsock::tests
