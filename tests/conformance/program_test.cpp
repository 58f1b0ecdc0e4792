// SPDX-License-Identifier: MIT
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <csignal>
#include <cstdlib>

#include <portsock/program.hpp>
#include <tests/support/children.hpp>
#include <tests/support/sockets.hpp>
#include <tests/support/system.hpp>

namespace portsock::tests {
namespace {

TEST(Program, HasArgumentsWithItsNameFirst) {
  const char* const argv[] = {"program", "one",
                              "b\xc3\xbc"
                              "cher",
                              nullptr};

  const auto all = program::arguments(3, argv);

  // Windows knows the command line better than main() does, so the text here is that of the test.
  ASSERT_FALSE(all.empty());
  EXPECT_FALSE(all.front().empty());
}

TEST(Program, ThatIsTestedHasNoPersonAtItsLog) {
  // Whatever the answer: it is one, and the same when asked again.
  for (const auto each : {program::stream::input, program::stream::output, program::stream::log})
    EXPECT_EQ(program::is_terminal(each), program::is_terminal(each));
}

TEST(Program, HasATerminalOfSomeSizeOrNone) {
  for (const auto each : {program::stream::input, program::stream::output, program::stream::log}) {
    const auto found = program::terminal_of(each);
    if (!found) continue;
    EXPECT_TRUE(program::is_terminal(each));
    EXPECT_GT(found->columns, 0u);
    EXPECT_GT(found->rows, 0u);
  }
}

TEST(Program, WritesAllBytesAsTheyAre) {
  const std::string_view all{"a\0b\xff", 4};
  testing::internal::CaptureStdout();

  const auto written = program::write(program::stream::output, as_bytes(all));

  const auto captured = testing::internal::GetCapturedStdout();
  EXPECT_THAT(written, Succeeds());
  EXPECT_EQ(captured, all);
}

/// A copy of this process will do where the program cannot be executed again.
const char* death_test_style() { return can_execute_itself() ? "threadsafe" : "fast"; }

// In a process of its own, which the interrupt may end.
class Interrupt : public testing::Test {
 protected:
  void SetUp() override {
    GTEST_FLAG_SET(death_test_style, death_test_style());
    untestable = false;
  }

  enum : int { ended_as_asked = 10, went_on = 11, cannot_be_tested = 12, ended_too_early = 13 };

  static void wait_for_interrupt(bool twice) {
    if (!prepare_for_interrupts()) std::_Exit(cannot_be_tested);
    const auto stop = must(canceller::create());
    must(program::cancel_on_interrupt(stop));
    auto idle = must(poller::create());

    interrupt_this_process();
    const auto waited = idle.wait(soon().or_when(stop));
    if (waited || waited.error() != errc::cancelled) std::_Exit(went_on);
    if (!twice) std::_Exit(ended_as_asked);

    interrupt_this_process();
    static_cast<void>(idle.wait(soon()));
    std::_Exit(went_on);
  }
  /// A person asks three times while the program waits, then interrupts it.
  static void be_asked_and_go_on(bool handlers_in_reverse) {
    if (!prepare_for_interrupts()) std::_Exit(cannot_be_tested);
    const auto stop = must(canceller::create());
    const auto asked = must(waker::create());
    if (handlers_in_reverse) must(program::wake_on_inquiry(asked));
    must(program::cancel_on_interrupt(stop));
    if (!handlers_in_reverse) must(program::wake_on_inquiry(asked));
    auto idle = must(poller::create());

    for (int times = 0; times != 3; ++times) {
      if (!ask_this_process()) std::_Exit(cannot_be_tested);
      const auto waited = idle.wait(soon().or_when(asked));
      if (waited || waited.error() != errc::cancelled) std::_Exit(went_on);
      asked.clear();
      if (stop.is_cancelled()) std::_Exit(ended_too_early);
    }
    interrupt_this_process();
    const auto waited = idle.wait(soon().or_when(asked));
    const bool woken = !waited && waited.error() == errc::cancelled;
    std::_Exit(woken && stop.is_cancelled() ? ended_as_asked : went_on);
  }
  static bool is_testable(int status) {
    if (!testing::ExitedWithCode(cannot_be_tested)(status)) return true;
    untestable = true;
    return false;
  }
  inline static bool untestable = false;
};

TEST_F(Interrupt, CancelsWhatTheProgramWaitsFor) {
  EXPECT_EXIT(
      wait_for_interrupt(false),
      [](int status) {
        return !is_testable(status) || testing::ExitedWithCode(ended_as_asked)(status);
      },
      "");
  if (untestable) GTEST_SKIP() << "no console for a test here";
}

TEST_F(Interrupt, IsToldFromAQuestionThatEndsNothing) {
  for (const bool handlers_in_reverse : {false, true}) {
    EXPECT_EXIT(
        be_asked_and_go_on(handlers_in_reverse),
        [](int status) {
          return !is_testable(status) || testing::ExitedWithCode(ended_as_asked)(status);
        },
        "");
    if (untestable) GTEST_SKIP() << "no console for a test here";
  }
}

TEST_F(Interrupt, EndsTheProgramTheSecondTime) {
  EXPECT_EXIT(
      wait_for_interrupt(true),
      [](int status) {
        // What it ends with is the system's business: a signal, or a code of any value.
        return !is_testable(status) || !testing::ExitedWithCode(went_on)(status);
      },
      "");
  if (untestable) GTEST_SKIP() << "no console for a test here";
}

TEST(Program, CannotOpenARawSocketOnceItGaveUpItsPrivileges) {
  GTEST_FLAG_SET(death_test_style, death_test_style());
  EXPECT_EXIT(
      {
        must(program::drop_privileges());
        must(program::drop_privileges());
        const auto raw = raw_socket::open(family::v4, protocol::icmp);
        std::_Exit(raw ? 1 : raw.error() == errc::access_denied ? 0 : 2);
      },
      [](int status) {
        return testing::ExitedWithCode(0)(status) ||
               (!system().root_can_drop_rights && testing::ExitedWithCode(1)(status));
      },
      "");
}

TEST(Program, UsesBinaryStreamsMoreThanOnce) {
  program::use_binary_streams();
  program::use_binary_streams();
}

}  // namespace
}  // namespace portsock::tests
