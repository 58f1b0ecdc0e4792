// SPDX-License-Identifier: MIT
#include <gtest/gtest.h>

#include <cstdint>
#include <type_traits>
#include <utility>

#include <portsock/handle.hpp>

namespace portsock {
namespace {

using note = unique_handle::note;

static_assert(sizeof(unique_handle) == sizeof(native_handle));
static_assert(std::is_nothrow_default_constructible_v<unique_handle>);

// Numbers, not handles: nothing here closes one. Windows handles have 32 significant bits.
class Handle : public testing::TestWithParam<std::intptr_t> {
 protected:
  native_handle number{GetParam()};
};
INSTANTIATE_TEST_SUITE_P(, Handle, testing::Values<std::intptr_t>(0, 1, 1023, 0x1fff'fffc));

TEST_P(Handle, ComesBackFromItsOwner) {
  unique_handle owner{number};

  EXPECT_TRUE(owner);
  EXPECT_EQ(owner.get(), number);
  EXPECT_EQ(owner.release(), number);
  EXPECT_FALSE(owner);
}

TEST_P(Handle, MovesWithItsNotes) {
  unique_handle first{number};
  first.set(note::receive_shut);

  unique_handle second{std::move(first)};

  EXPECT_TRUE(second.has(note::receive_shut));
  EXPECT_FALSE(second.has(note::was_reset));
  EXPECT_EQ(second.release(), number);
}

TEST_P(Handle, IsNotChangedByNotes) {
  unique_handle owner{number};
  EXPECT_FALSE(owner.has_notes());

  owner.set(note::was_reset);
  owner.set(note::receive_shut);
  owner.set(note::was_reset);

  EXPECT_TRUE(owner.has_notes());
  EXPECT_TRUE(owner.has(note::was_reset));
  EXPECT_TRUE(owner.has(note::receive_shut));
  EXPECT_EQ(owner.release(), number);
}

TEST(HandleOwner, ThatIsEmptyHasNothing) {
  unique_handle empty;

  EXPECT_FALSE(empty);
  EXPECT_EQ(empty.get(), native_handle::invalid);
  EXPECT_FALSE(empty.has_notes());
  EXPECT_EQ(empty.release(), native_handle::invalid);
  empty.reset();
}

TEST(HandleOwner, OfTheInvalidHandleIsEmpty) {
  unique_handle invalid{native_handle::invalid};

  EXPECT_FALSE(invalid);
  EXPECT_EQ(invalid.get(), native_handle::invalid);
}

TEST(HandleOwner, ThatWasMovedFromOrReleasedIsEmptyAndHasNoNotes) {
  unique_handle first{native_handle{5}};
  first.set(note::was_reset);

  unique_handle second{std::move(first)};
  EXPECT_FALSE(first);  // NOLINT(bugprone-use-after-move): the state is promised
  EXPECT_FALSE(first.has_notes());

  EXPECT_EQ(second.release(), native_handle{5});
  EXPECT_FALSE(second.has_notes());
}

TEST(HandleOwner, KeepsItsHandleWhenAssignedToItself) {
  unique_handle owner{native_handle{5}};
  auto& same = owner;

  owner = std::move(same);

  EXPECT_EQ(owner.release(), native_handle{5});
}

}  // namespace
}  // namespace portsock
