// SPDX-License-Identifier: MIT
#include <gtest/gtest.h>

#include <cstddef>
#include <cstdint>
#include <random>
#include <vector>

#include <platform/winsock/handle_index.hpp>

namespace portsock::platform {
namespace {

/// An index, and what it is to know, in an array.
class HandleIndex : public testing::Test {
 protected:
  auto handle_of() const {
    return [this](std::uint32_t number) { return handles[number]; };
  }
  std::uint32_t find(native_handle s) const { return index.find(s, handle_of()); }
  void insert(std::uint32_t number, native_handle s) {
    handles[number] = s;
    index.make_room(handle_of());
    index.insert(s, number, handle_of());
  }
  void erase(std::uint32_t number) {
    index.erase(handles[number], handle_of());
    handles[number] = native_handle::invalid;
  }

  handle_index index;
  std::vector<native_handle> handles = std::vector<native_handle>(512, native_handle::invalid);
};

TEST_F(HandleIndex, KnowsNothingAtFirst) {
  EXPECT_EQ(find(native_handle{4}), handle_index::none);
  EXPECT_EQ(find(native_handle::invalid), handle_index::none);
}

TEST_F(HandleIndex, FindsWhatWasInserted) {
  insert(7, native_handle{0x1c4});

  EXPECT_EQ(find(native_handle{0x1c4}), 7u);
  EXPECT_EQ(find(native_handle{0x1c8}), handle_index::none);
}

TEST_F(HandleIndex, ForgetsWhatIsErasedAndTakesItAgain) {
  insert(7, native_handle{0x1c4});
  erase(7);
  EXPECT_EQ(find(native_handle{0x1c4}), handle_index::none);

  insert(8, native_handle{0x1c4});
  EXPECT_EQ(find(native_handle{0x1c4}), 8u);
}

TEST_F(HandleIndex, StaysRightWhateverComesAndGoes) {
  std::mt19937 random{1};  // NOLINT: the same each time
  for (int step = 0; step < 50'000; ++step) {
    const auto number = static_cast<std::uint32_t>(random() % handles.size());
    if (handles[number] == native_handle::invalid)
      insert(number, native_handle{static_cast<std::intptr_t>(4 * (number + 1))});
    else
      erase(number);
    if (step % 500 != 0) continue;
    for (std::uint32_t each = 0; each != handles.size(); ++each) {
      const native_handle s{static_cast<std::intptr_t>(4 * (each + 1))};
      ASSERT_EQ(find(s), handles[each] == s ? each : handle_index::none) << "step " << step;
    }
  }
}

}  // namespace
}  // namespace portsock::platform
