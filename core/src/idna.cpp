// SPDX-License-Identifier: MIT
#include "idna.hpp"

#include <algorithm>
#include <cstddef>
#include <cstdint>

#include "utf8.hpp"

namespace portsock::detail {
namespace {

constexpr std::size_t longest_label = 63;  // in bytes: RFC 1035, 2.3.4
constexpr std::size_t longest_name = 253;  // without the dot at the end: 255 on the wire
constexpr std::string_view ace_prefix = "xn--";

constexpr bool is_ascii(char32_t point) noexcept { return point < 0x80; }

constexpr bool is_dot(char32_t point) noexcept {
  return point == U'.' || point == 0x3002 || point == 0xff0e || point == 0xff61;
}

/// Control characters and spaces of all of Unicode (categories Cc, Zs, Zl, Zp). No host is named
/// so, and in a log they would show a name that it is not.
constexpr bool is_control_or_space(char32_t point) noexcept {
  return point <= 0x20 || (0x7f <= point && point <= 0xa0) || point == 0x1680 ||
         (0x2000 <= point && point <= 0x200a) || point == 0x2028 || point == 0x2029 ||
         point == 0x202f || point == 0x205f || point == 0x3000;
}

// Punycode's parameters for host names: RFC 3492, 5.
constexpr std::uint32_t base = 36, t_min = 1, t_max = 26, skew = 38, damp = 700;
constexpr std::uint32_t initial_bias = 72;
constexpr char32_t initial_n = 0x80;

constexpr char digit(std::uint32_t value) noexcept {
  return "abcdefghijklmnopqrstuvwxyz0123456789"[value];
}

constexpr std::uint32_t adapted_bias(std::uint32_t delta, std::uint32_t count,
                                     bool first) noexcept {
  delta /= first ? damp : 2;
  delta += delta / count;
  std::uint32_t k = 0;
  for (; delta > (base - t_min) * t_max / 2; k += base) delta /= base - t_min;
  return k + (base - t_min + 1) * delta / (delta + skew);
}

/// `delta` as a generalized variable-length integer: RFC 3492, 3.3.
void append_delta(std::string& out, std::uint32_t delta, std::uint32_t bias) {
  for (std::uint32_t k = base;; k += base) {
    const std::uint32_t t = k <= bias ? t_min : (std::min)(k - bias, t_max);
    if (delta < t) break;
    out += digit(t + (delta - t) % (base - t));
    delta = (delta - t) / (base - t);
  }
  out += digit(delta);
}

/// RFC 3492, 6.3, for at most longest_label code points. That bounds delta by 64 * 0x110000, so
/// none of the sums can overflow and the RFC's checks for it are not needed.
std::string punycode(std::u32string_view label) {
  std::string out;
  for (const char32_t point : label)
    if (is_ascii(point)) out += static_cast<char>(point);
  auto handled = static_cast<std::uint32_t>(out.size());
  const std::uint32_t basic = handled;
  if (basic != 0) out += '-';

  char32_t n = initial_n;
  std::uint32_t delta = 0;
  std::uint32_t bias = initial_bias;
  for (; handled != label.size(); ++n, ++delta) {
    char32_t next = 0x110000;  // the smallest code point that is still to be inserted
    for (const char32_t point : label)
      if (point >= n) next = (std::min)(next, point);
    delta += static_cast<std::uint32_t>(next - n) * (handled + 1);
    n = next;
    for (const char32_t point : label) {
      if (point < n) ++delta;
      if (point != n) continue;
      append_delta(out, delta, bias);
      bias = adapted_bias(delta, handled + 1, handled == basic);
      delta = 0;
      ++handled;
    }
  }
  return out;
}

constexpr char32_t lower_case(char32_t point) noexcept {
  return U'A' <= point && point <= U'Z' ? point + (U'a' - U'A') : point;
}

/// Appends one label, of longest_label code points at most. False if it cannot be one.
bool append_label(std::string& out, std::u32string& label) {
  if (label.empty()) return false;
  if (std::ranges::all_of(label, is_ascii)) {
    for (const char32_t point : label) out += static_cast<char>(point);
    return true;
  }
  std::ranges::transform(label, label.begin(), lower_case);
  if (label.starts_with(U"xn--")) return false;  // it would claim to be encoded already
  const std::string encoded = punycode(label);
  if (ace_prefix.size() + encoded.size() > longest_label) return false;
  out += ace_prefix;
  out += encoded;
  return true;
}

}  // namespace

std::optional<std::string> to_ascii(std::string_view utf8_host) {
  std::string name;
  std::u32string label;
  while (!utf8_host.empty()) {
    const auto point = take_code_point(utf8_host);
    if (!point || is_control_or_space(*point)) return std::nullopt;
    if (is_dot(*point)) {
      if (!append_label(name, label)) return std::nullopt;
      name += '.';
      label.clear();
    } else if (label.size() == longest_label) {
      return std::nullopt;
    } else {
      label += *point;
    }
  }
  if (label.empty()) {
    // A dot at the end, which is no part of the length; or nothing at all.
    if (name.empty() || name.size() - 1 > longest_name) return std::nullopt;
    return name;
  }
  if (!append_label(name, label) || name.size() > longest_name) return std::nullopt;
  return name;
}

}  // namespace portsock::detail
