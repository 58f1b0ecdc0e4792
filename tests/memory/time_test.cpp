// SPDX-License-Identifier: MIT

// How time goes on for those who do not only wait.

#include <gtest/gtest.h>

#include <array>
#include <functional>
#include <stdexcept>

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

  void throw_after(deadline::clock::duration span) {
    net.after(span, [] { throw std::runtime_error{"thrown by an event"}; });
  }

  memory::network net{7};
};

TEST_F(TimeThatLeaps, EndsAWaitThatSpinsFirst) {
  auto waiting = must(poller::create());
  waiting.spin_for(20us);
  const auto began = deadline::clock::now();

  EXPECT_TRUE(must(waiting.wait(deadline::in(1s))).empty());

  EXPECT_EQ(deadline::clock::now() - began, 1s);
}

TEST_F(TimeThatLeaps, GoesOnAfterAnEventThatThrew) {
  bool happened = false;
  throw_after(1s);
  net.after(3s, [&] { happened = true; });

  EXPECT_THROW(net.advance(2s), std::runtime_error);

  net.advance(2s);
  EXPECT_TRUE(happened) << "time was at the event that threw";
}

/// Where the stack keeps what is left of a wait, for nothing goes so deep again.
void far_down(int levels, const std::function<void()>& what) {
  std::array<volatile char, 1024> room{};
  if (levels == 0)
    what();
  else
    far_down(levels - 1, what);
  room[0] = 1;  // it is there until then
}

TEST_F(TimeThatLeaps, GoesOnAfterAWaitThatAnEventEndedByThrowing) {
  throw_after(1s);
  auto waiting = must(poller::create());
  far_down(64, [&] {
    EXPECT_THROW(static_cast<void>(waiting.wait(deadline::in(1min))), std::runtime_error);
  });
  const auto began = deadline::clock::now();

  EXPECT_TRUE(must(waiting.wait(deadline::in(24h))).empty());

  EXPECT_EQ(deadline::clock::now() - began, 24h);
}

}  // namespace
}  // namespace portsock::tests
