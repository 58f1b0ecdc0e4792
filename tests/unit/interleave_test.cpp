// SPDX-License-Identifier: MIT
#include <gmock/gmock.h>

#include <array>

#include <core/src/interleave.hpp>

namespace portsock::tests {
namespace {

using namespace literals;
using testing::ElementsAre;
using testing::IsEmpty;

const auto a4 = "192.0.2.1:1"_endpoint;
const auto b4 = "192.0.2.2:1"_endpoint;
const auto a6 = "[2001:db8::1]:1"_endpoint;
const auto b6 = "[2001:db8::2]:1"_endpoint;
const auto c6 = "[2001:db8::3]:1"_endpoint;

TEST(Interleaved, FamiliesTakeTurnsAndTheFirstOneBegins) {
  EXPECT_THAT(detail::interleaved(std::array{a6, b6, c6, a4, b4}), ElementsAre(a6, a4, b6, b4, c6));
  EXPECT_THAT(detail::interleaved(std::array{a4, a6, b6}), ElementsAre(a4, a6, b6));
}

TEST(Interleaved, OneFamilyKeepsItsOrder) {
  EXPECT_THAT(detail::interleaved(std::array{b4, a4}), ElementsAre(b4, a4));
  EXPECT_THAT(detail::interleaved({}), IsEmpty());
}

}  // namespace
}  // namespace portsock::tests
