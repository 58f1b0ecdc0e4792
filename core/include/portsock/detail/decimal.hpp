// SPDX-License-Identifier: MIT
#pragma once

// Decimal numbers in addresses: ports, zones and prefix lengths.

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string_view>

namespace portsock::detail {

/// `text` from `at` on, which is no further than its end. substr() would throw there, and so bring
/// exceptions into programs that have none.
constexpr std::string_view from(std::string_view text, std::size_t at) noexcept {
  text.remove_prefix(at);
  return text;
}

/// More than 9 for what is no digit.
constexpr unsigned digit(char character) noexcept {
  return static_cast<unsigned char>(character - '0');
}

/// All of `text` as a number up to `most`: digits alone, no leading zero.
constexpr std::optional<std::uint32_t> parse_decimal(std::string_view text,
                                                     std::uint32_t most) noexcept {
  constexpr std::size_t longest = 10;  // 4294967295; so 64 bits cannot overflow below
  if (text.empty() || text.size() > longest) return std::nullopt;
  if (text.size() > 1 && text.front() == '0') return std::nullopt;

  std::uint64_t value = 0;
  for (const char character : text) {
    if (digit(character) > 9) return std::nullopt;
    value = value * 10 + digit(character);
  }
  if (value > most) return std::nullopt;
  return static_cast<std::uint32_t>(value);
}

/// Writes `value` at `out`, and returns where it ends.
constexpr char* write_decimal(char* out, std::uint32_t value) noexcept {
  std::array<char, 10> reversed{};
  std::size_t size = 0;
  do {
    reversed[size++] = static_cast<char>('0' + value % 10);
    value /= 10;
  } while (value != 0);
  while (size != 0) *out++ = reversed[--size];
  return out;
}

}  // namespace portsock::detail
