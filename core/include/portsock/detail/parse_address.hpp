// SPDX-License-Identifier: MIT
#pragma once

// The bodies of address.hpp's parsers. How long an octet is, no processor can predict: IPv4 is
// therefore parsed without a branch on it.

#include <bit>
#include <limits>

#include <portsock/address.hpp>
#include <portsock/detail/decimal.hpp>

namespace portsock {
namespace detail {

/// More than an octet can be: what is wrong in one is worth this, and so its sum is too large.
inline constexpr std::uint16_t not_an_octet = 256;

/// What each character adds to an octet in one place of it.
using digit_worths = std::array<std::uint16_t, 256>;

constexpr digit_worths worths(std::uint16_t place, bool zero_allowed) noexcept {
  digit_worths worth{};
  worth.fill(not_an_octet);
  for (std::uint16_t i = zero_allowed ? 0 : 1; i < 10; ++i)
    worth['0' + i] = static_cast<std::uint16_t>(i * place);
  return worth;
}

/// The worth of an octet's characters. The first and the middle one go by the octet's size, less
/// one: where it is the last as well, it adds nothing; a zero must not be the first of several.
inline constexpr std::array<digit_worths, 3> first_worth{digit_worths{}, worths(10, false),
                                                         worths(100, false)};
inline constexpr std::array<digit_worths, 3> middle_worth{digit_worths{}, digit_worths{},
                                                          worths(10, true)};
inline constexpr digit_worths last_worth = worths(1, true);

/// The octet in the `size` characters (1 to 3) at `text`, or at least not_an_octet.
constexpr unsigned octet(const char* text, std::size_t size) noexcept {
  const auto first = static_cast<unsigned char>(text[0]);
  const auto middle = static_cast<unsigned char>(text[size / 2]);
  const auto last = static_cast<unsigned char>(text[size - 1]);
  return unsigned{first_worth[size - 1][first]} + middle_worth[size - 1][middle] + last_worth[last];
}

/// In one piece: bytes that are stored one by one take long to be read again as a word.
constexpr ipv4_address ipv4_of(unsigned a, unsigned b, unsigned c, unsigned d) noexcept {
  if constexpr (std::endian::native == std::endian::big)
    return std::bit_cast<ipv4_address>(a << 24 | b << 16 | c << 8 | d);
  else
    return std::bit_cast<ipv4_address>(d << 24 | c << 16 | b << 8 | a);
}

/// The size of an octet whose second and third characters, if it has them, are these.
constexpr std::size_t octet_size(char second, char third) noexcept {
  const bool two = second != '.';
  const bool three = two & (third != '.');
  return std::size_t{1} + two + three;
}

/// The value of each character as a hexadecimal digit; more than 15 for what is none.
inline constexpr auto hex_values = [] {
  std::array<std::uint8_t, 256> values{};
  values.fill(16);
  for (std::uint8_t i = 0; i < 10; ++i) values['0' + i] = i;
  for (std::uint8_t i = 0; i < 6; ++i) {
    values['a' + i] = static_cast<std::uint8_t>(10 + i);
    values['A' + i] = static_cast<std::uint8_t>(10 + i);
  }
  return values;
}();

/// An IPv6 address without a zone.
constexpr std::optional<ipv6_address> parse_groups(std::string_view text) noexcept {
  constexpr std::size_t none = std::string_view::npos;
  std::array<std::uint8_t, 16> read{};
  std::size_t filled = 0;
  std::size_t gap = none;  // how many bytes stand before "::"
  std::size_t at = 0;

  if (text.starts_with("::")) {
    gap = 0;
    at = 2;
    if (at == text.size()) return ipv6_address::any();
  }
  for (;;) {
    if (filled == read.size()) return std::nullopt;
    const std::size_t group = at;
    unsigned value = 0;
    for (; at < text.size() && at - group < 4; ++at) {
      const unsigned nibble = hex_values[static_cast<unsigned char>(text[at])];
      if (nibble > 15) break;
      value = value << 4 | nibble;
    }

    if (at < text.size() && text[at] == '.') {  // not a group but an IPv4 address, and the last
      const auto tail = parse_ipv4(text.substr(group));
      if (!tail || filled > read.size() - tail->bytes.size()) return std::nullopt;
      for (const std::uint8_t byte : tail->bytes) read[filled++] = byte;
      break;
    }
    if (at == group) return std::nullopt;
    read[filled++] = static_cast<std::uint8_t>(value >> 8);
    read[filled++] = static_cast<std::uint8_t>(value & 0xff);

    if (at == text.size()) break;
    if (text[at++] != ':') return std::nullopt;
    if (at < text.size() && text[at] == ':') {
      if (gap != none) return std::nullopt;
      gap = filled;
      if (++at == text.size()) break;
    }
  }
  if ((gap == none) != (filled == read.size())) return std::nullopt;

  ipv6_address address;
  const std::size_t skipped = read.size() - filled;
  for (std::size_t i = 0; i < filled; ++i) address.bytes[i < gap ? i : i + skipped] = read[i];
  return address;
}

}  // namespace detail

constexpr std::optional<ipv4_address> parse_ipv4(std::string_view text) noexcept {
  const std::size_t size = text.size();
  if (size < 7 || size > 15) return std::nullopt;

  // Two dots from the front and one from the back. In 7 characters all of these can be read.
  const std::size_t dot1 = detail::octet_size(text[1], text[2]);
  const std::size_t dot2 = dot1 + 1 + detail::octet_size(text[dot1 + 2], text[dot1 + 3]);
  const std::size_t dot3 = size - 1 - detail::octet_size(text[size - 2], text[size - 3]);
  const std::size_t size3 = dot3 - dot2 - 1;  // huge when the two ends overlap
  if (size3 - 1 > 2 || text[dot1] != '.' || text[dot2] != '.' || text[dot3] != '.')
    return std::nullopt;

  const char* const from = text.data();
  const unsigned a = detail::octet(from, dot1);
  const unsigned b = detail::octet(from + dot1 + 1, dot2 - dot1 - 1);
  const unsigned c = detail::octet(from + dot2 + 1, size3);
  const unsigned d = detail::octet(from + dot3 + 1, size - dot3 - 1);
  if ((a | b | c | d) >= detail::not_an_octet) return std::nullopt;
  return detail::ipv4_of(a, b, c, d);
}

constexpr std::optional<ipv6_address> parse_ipv6(std::string_view text) noexcept {
  const std::size_t percent = text.find('%');
  auto address = detail::parse_groups(text.substr(0, percent));
  if (!address || percent == text.npos) return address;

  const auto scope =
      detail::parse_decimal(text.substr(percent + 1), (std::numeric_limits<std::uint32_t>::max)());
  if (!scope || *scope == 0) return std::nullopt;
  address->scope = *scope;
  return address;
}

constexpr std::optional<ip_address> parse_address(std::string_view text) noexcept {
  if (const auto address = parse_ipv4(text)) return *address;
  if (const auto address = parse_ipv6(text)) return *address;
  return std::nullopt;
}

constexpr std::optional<std::uint16_t> parse_port(std::string_view text) noexcept {
  const auto port = detail::parse_decimal(text, (std::numeric_limits<std::uint16_t>::max)());
  if (!port) return std::nullopt;
  return static_cast<std::uint16_t>(*port);
}

constexpr std::optional<endpoint> parse_endpoint(std::string_view text) noexcept {
  const std::size_t colon = text.rfind(':');
  if (colon == text.npos) return std::nullopt;
  const auto port = parse_port(text.substr(colon + 1));
  if (!port) return std::nullopt;

  const std::string_view host = text.substr(0, colon);
  if (host.size() > 2 && host.front() == '[' && host.back() == ']') {
    const auto address = parse_ipv6(host.substr(1, host.size() - 2));
    if (!address) return std::nullopt;
    return endpoint{*address, *port};
  }
  const auto address = parse_ipv4(host);
  if (!address) return std::nullopt;
  return endpoint{*address, *port};
}

}  // namespace portsock
