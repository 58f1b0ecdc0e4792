// SPDX-License-Identifier: MIT
#pragma once

// What a backend's error table has to say: one row a code, in the order of the catalogue's mapping.

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cstdint>
#include <span>
#include <string_view>

#include <platform/contract.hpp>
#include <portsock/error.hpp>

namespace portsock::tests {

struct expected_code {
  std::int32_t value;
  std::string_view name;
  errc meaning;
};

/// Each code is in the table of `domain`, means what it should, and is told by its name.
inline void expect_table(error_domain domain, std::span<const expected_code> codes) {
  for (const auto& code : codes) {
    SCOPED_TRACE(code.name);
    const auto* row = platform::find_error(domain, code.value);
    ASSERT_NE(row, nullptr);
    EXPECT_EQ(row->name, code.name);
    EXPECT_EQ(row->meaning, code.meaning);

    const error reason{code.value, domain, row->meaning};
    const auto words = std::string{to_string(code.meaning)} + " (" + std::string{code.name} + ")";
    EXPECT_EQ(reason.message(), words);
    EXPECT_TRUE(reason.code() == code.meaning);
    EXPECT_EQ(reason.code().value(), code.value);
    EXPECT_TRUE(reason.code() == row->condition);
  }
}

}  // namespace portsock::tests
