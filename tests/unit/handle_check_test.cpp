// SPDX-License-Identifier: MIT
#include <gtest/gtest.h>

#include <tests/support/system.hpp>

namespace portsock::tests {
namespace {

// What every suite is checked by (tests/support/handle_check.cpp) fails this one, which ctest
// expects: unit.HandleCheck.FailsATestThatLeavesAHandleOpen.
TEST(HandleCheck, DISABLED_LeavesAHandleOpen) { static const other_handle left; }

}  // namespace
}  // namespace portsock::tests
