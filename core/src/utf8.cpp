// SPDX-License-Identifier: MIT
#include "utf8.hpp"

#include <algorithm>
#include <cstddef>
#include <iterator>

namespace portsock::detail {

std::optional<char32_t> take_code_point(std::string_view& text) noexcept {
  const auto byte = [&](std::size_t at) { return static_cast<unsigned char>(text[at]); };
  struct form {
    std::size_t size;
    char32_t smallest;
    unsigned char mask, lead;
  };
  constexpr form forms[] = {
      {1, 0, 0x80, 0x00}, {2, 0x80, 0xe0, 0xc0}, {3, 0x800, 0xf0, 0xe0}, {4, 0x10000, 0xf8, 0xf0}};
  const auto* const found = std::ranges::find_if(
      forms, [&](const form& candidate) { return (byte(0) & candidate.mask) == candidate.lead; });
  if (found == std::end(forms) || text.size() < found->size) return std::nullopt;

  char32_t point = byte(0) & static_cast<unsigned char>(~found->mask);
  for (std::size_t at = 1; at != found->size; ++at) {
    if ((byte(at) & 0xc0) != 0x80) return std::nullopt;
    point = point << 6 | (byte(at) & 0x3f);
  }
  const bool is_surrogate = 0xd800 <= point && point <= 0xdfff;
  if (point < found->smallest || point > 0x10ffff || is_surrogate) return std::nullopt;
  text.remove_prefix(found->size);
  return point;
}

}  // namespace portsock::detail
