// SPDX-License-Identifier: MIT
#pragma once

// One JSON object on one line, as programs that read events want it (RFC 8259).

#include <cstdint>
#include <string>
#include <string_view>

#include <portsock/bytes.hpp>

namespace portsock::tools {

/// Builds `{"event":"closed","received":5}`. Members stay in the order in which they are added.
class json_line {
 public:
  /// Text in UTF-8; bytes that are none become U+FFFD.
  json_line& text(std::string_view name, std::string_view value);
  json_line& number(std::string_view name, std::uint64_t value);
  /// With six digits after the point; what is no number (infinite, undefined) becomes null.
  json_line& number(std::string_view name, double value);
  json_line& truth(std::string_view name, bool value);
  /// A value that is JSON already: an object, an array.
  json_line& raw(std::string_view name, std::string_view json);
  /// Bytes: as "text" when they are UTF-8 without control characters but tab and line ends,
  /// otherwise as "base64".
  json_line& content(const_bytes value);

  /// The object, without an end of line.
  std::string object() const { return '{' + members_ + '}'; }
  std::string line() const { return object() + '\n'; }

 private:
  void name(std::string_view text);

  std::string members_;
};

/// `text` between quotation marks.
std::string json_string(std::string_view text);
/// The length of the UTF-8 character at the front of `text`, 0 when there is none.
std::size_t utf8_character(std::string_view text) noexcept;

}  // namespace portsock::tools
