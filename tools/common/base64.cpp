// SPDX-License-Identifier: MIT
#include <tools/common/base64.hpp>

namespace portsock::tools {

std::string base64(const_bytes bytes) {
  constexpr std::string_view digits =
      "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
  std::string text;
  text.reserve((bytes.size() + 2) / 3 * 4);
  for (std::size_t i = 0; i < bytes.size(); i += 3) {
    const auto three = bytes.subspan(i, bytes.size() - i < 3 ? bytes.size() - i : 3);
    const auto at = [&](std::size_t n) {
      return n < three.size() ? std::to_integer<unsigned>(three[n]) : 0U;
    };
    const unsigned bits = at(0) << 16U | at(1) << 8U | at(2);
    for (unsigned digit = 0; digit < 4; ++digit)
      text += digit <= three.size() ? digits[bits >> (18U - 6U * digit) & 63U] : '=';
  }
  return text;
}

}  // namespace portsock::tools
