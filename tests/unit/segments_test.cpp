// SPDX-License-Identifier: MIT
#include <gtest/gtest.h>

#include <iterator>
#include <string>
#include <string_view>
#include <vector>

#include <portsock/segments.hpp>

namespace portsock {
namespace {

static_assert(std::forward_iterator<segments::iterator>);

std::vector<std::string> split(std::string_view text, std::size_t size) {
  const segments all{as_bytes(text), size};
  std::vector<std::string> found;
  for (const const_bytes one : all) found.emplace_back(as_text(one));
  EXPECT_EQ(found.size(), all.size());
  for (std::size_t i = 0; i != all.size(); ++i) EXPECT_EQ(as_text(all[i]), found[i]);
  return found;
}

TEST(Segments, AreOfOneSizeButForTheLast) {
  using list = std::vector<std::string>;
  EXPECT_EQ(split("aabbcc", 2), (list{"aa", "bb", "cc"}));
  EXPECT_EQ(split("aabbc", 2), (list{"aa", "bb", "c"}));
  EXPECT_EQ(split("a", 2), (list{"a"}));
  EXPECT_EQ(split("abc", 1), (list{"a", "b", "c"}));
  EXPECT_EQ(split("abc", 100), (list{"abc"}));
  EXPECT_EQ(split("abc", ~std::size_t{0}), (list{"abc"}));
}

TEST(Segments, OfNoSizeAreOne) { EXPECT_EQ(split("abc", 0), std::vector<std::string>{"abc"}); }

TEST(Segments, OfNoBytesAreOneThatIsEmpty) {
  EXPECT_EQ(split("", 5), std::vector<std::string>{""});
  EXPECT_EQ(split("", 0), std::vector<std::string>{""});
}

TEST(Segments, AreTakenByTheStretch) {
  const segments all{as_bytes("aabbc"), 2};
  EXPECT_EQ(as_text(all.stretch(0, 1)), "aa");
  EXPECT_EQ(as_text(all.stretch(0, 2)), "aabb");
  EXPECT_EQ(as_text(all.stretch(1, 2)), "bbc");
  EXPECT_EQ(as_text(all.stretch(2, 1)), "c");
  EXPECT_EQ(as_text(all.stretch(0, 1000)), "aabbc");
  EXPECT_EQ(as_text(all.stretch(0, ~std::size_t{0})), "aabbc");
}

}  // namespace
}  // namespace portsock
