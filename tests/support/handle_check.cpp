// SPDX-License-Identifier: MIT

// Each test of each suite leaves no more handles open than it found, where that can be told.

#include <gtest/gtest.h>

#include <cstddef>
#include <thread>

#include <tests/support/sockets.hpp>
#include <tests/support/system.hpp>

namespace portsock::tests {
namespace {

class handle_check final : public testing::EmptyTestEventListener {
  void OnTestProgramStart(const testing::UnitTest&) override { open_what_is_kept(); }
  void OnTestStart(const testing::TestInfo&) override { before_ = count_open_handles(); }

  // A thread that the test was not to wait for, as one that asks for a name, closes what it has
  // when it is done: there is nothing but the number to wait for.
  void OnTestEnd(const testing::TestInfo&) override {
    auto after = count_open_handles();
    for (const auto until = deadline::in(5s); after > before_ && !until.has_passed();) {
      std::this_thread::sleep_for(1ms);
      after = count_open_handles();
    }
    if (after > before_) ADD_FAILURE() << "the test leaves handles open: " << after - before_;
  }

  std::size_t before_ = 0;
};

/// Last in the list, and so the first to hear of an end: before it is printed.
[[maybe_unused]] const auto registered = [] {
  if (tests_alone_open_handles())
    testing::UnitTest::GetInstance()->listeners().Append(new handle_check);
  return true;
}();

}  // namespace
}  // namespace portsock::tests
