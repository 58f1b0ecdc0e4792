// SPDX-License-Identifier: MIT
#pragma once

// UTF-8, read strictly.

#include <optional>
#include <string_view>

namespace portsock::detail {

/// Takes one code point off the front of `text`, or nothing if it does not begin with one: RFC
/// 3629, 4, without surrogates and without forms that are longer than need be.
std::optional<char32_t> take_code_point(std::string_view& text) noexcept;

/// Whether all of `text` is UTF-8.
inline bool is_utf8(std::string_view text) noexcept {
  while (!text.empty())
    if (!take_code_point(text)) return false;
  return true;
}

}  // namespace portsock::detail
