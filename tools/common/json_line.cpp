// SPDX-License-Identifier: MIT
#include <tools/common/json_line.hpp>

#include <cmath>

#include <tools/common/base64.hpp>
#include <tools/common/clock_text.hpp>

namespace portsock::tools {
namespace {

constexpr std::string_view hexadecimal = "0123456789abcdef";

/// Whether a person could read it: UTF-8, and of the control characters those of plain text.
bool is_text(std::string_view bytes) noexcept {
  while (!bytes.empty()) {
    const auto size = utf8_character(bytes);
    const auto first = static_cast<unsigned char>(bytes.front());
    const bool control = first < 0x20 || first == 0x7f;
    if (size == 0 || (control && first != '\t' && first != '\n' && first != '\r')) return false;
    bytes.remove_prefix(size);
  }
  return true;
}

void append_escaped(std::string& to, std::string_view character) {
  const auto first = static_cast<unsigned char>(character.front());
  switch (first) {
    case '"':
      to += "\\\"";
      return;
    case '\\':
      to += "\\\\";
      return;
    case '\n':
      to += "\\n";
      return;
    case '\r':
      to += "\\r";
      return;
    case '\t':
      to += "\\t";
      return;
    default:
      break;
  }
  if (first >= 0x20) {
    to += character;
    return;
  }
  to += "\\u00";
  to += hexadecimal[first >> 4U];
  to += hexadecimal[first & 0xfU];
}

}  // namespace

// The ranges are those of the Unicode standard, table 3-7: no overlong form, no surrogate, nothing
// above U+10FFFF.
std::size_t utf8_character(std::string_view text) noexcept {
  const auto at = [&](std::size_t i) -> unsigned {
    return i < text.size() ? static_cast<unsigned char>(text[i]) : 0U;
  };
  const auto continues = [&](std::size_t i) { return (at(i) & 0xc0U) == 0x80U; };
  const auto first = at(0);
  if (text.empty()) return 0;
  if (first < 0x80) return 1;
  if (first >= 0xc2 && first <= 0xdf) return continues(1) ? 2 : 0;
  if (first >= 0xe0 && first <= 0xef) {
    const bool overlong = first == 0xe0 && at(1) < 0xa0;
    const bool surrogate = first == 0xed && at(1) > 0x9f;
    return continues(1) && continues(2) && !overlong && !surrogate ? 3 : 0;
  }
  if (first >= 0xf0 && first <= 0xf4) {
    const bool overlong = first == 0xf0 && at(1) < 0x90;
    const bool too_high = first == 0xf4 && at(1) > 0x8f;
    return continues(1) && continues(2) && continues(3) && !overlong && !too_high ? 4 : 0;
  }
  return 0;
}

std::string json_string(std::string_view text) {
  std::string quoted{'"'};
  while (!text.empty()) {
    const auto size = utf8_character(text);
    if (size == 0) {
      quoted += "\xef\xbf\xbd";
      text.remove_prefix(1);
      continue;
    }
    append_escaped(quoted, text.substr(0, size));
    text.remove_prefix(size);
  }
  return quoted += '"';
}

void json_line::name(std::string_view text) {
  if (!members_.empty()) members_ += ',';
  members_ += json_string(text);
  members_ += ':';
}

json_line& json_line::text(std::string_view of, std::string_view value) {
  return raw(of, json_string(value));
}

json_line& json_line::number(std::string_view of, std::uint64_t value) {
  return raw(of, std::to_string(value));
}

json_line& json_line::number(std::string_view of, double value) {
  if (!std::isfinite(value)) return raw(of, "null");
  return raw(of, decimal(value, 6));
}

json_line& json_line::truth(std::string_view of, bool value) {
  return raw(of, value ? "true" : "false");
}

json_line& json_line::raw(std::string_view of, std::string_view json) {
  name(of);
  members_ += json;
  return *this;
}

json_line& json_line::content(const_bytes value) {
  const auto bytes = as_text(value);
  return is_text(bytes) ? text("text", bytes) : text("base64", base64(value));
}

}  // namespace portsock::tools
