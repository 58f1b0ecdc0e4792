// SPDX-License-Identifier: MIT
#pragma once

// The bodies of address.hpp's parsers. How long an octet is, no processor can predict: IPv4 is
// therefore parsed without a branch on it, and a word at a time.

#include <algorithm>
#include <bit>
#include <cstring>
#include <limits>
#include <type_traits>

#include <portsock/address.hpp>
#include <portsock/detail/decimal.hpp>

namespace portsock {
namespace detail {

/// The bytes at `text` in one word, the first of them the least significant, on every machine.
template <class Word>
constexpr Word load(const char* text) noexcept {
  if (std::is_constant_evaluated()) {
    Word word = 0;
    for (std::size_t i = 0; i < sizeof word; ++i)
      word |= static_cast<Word>(Word{static_cast<unsigned char>(text[i])} << 8 * i);
    return word;
  }
  Word word;
  std::memcpy(&word, text, sizeof word);
  if constexpr (std::endian::native == std::endian::big) word = std::byteswap(word);
  return word;
}

/// 0x80 in each byte of `word` that is a dot, and in no byte before the first that is. Behind one
/// it may also be in a slash, which no number contains.
template <class Word>
constexpr Word dots_in(Word word) noexcept {
  constexpr Word ones = static_cast<Word>(~Word{0} / 255);
  const Word other = word ^ ones * '.';
  return (other - ones) & ~other & ones * 0x80;
}

/// The text of each octet and, in the uppermost byte, its value: at the place that octet_slot()
/// computes from the text, so that one comparison tells whether three characters are an octet, and
/// which. Texts are three bytes, of which those before a short one are zero. Where there is none,
/// all are: no text is that ends in a character with the bit of a blank.
constexpr std::uint32_t octet_slot(std::uint32_t text) noexcept {
  return static_cast<std::uint32_t>(text * 0x6007'007cu) >> 23;  // by search: no two in one place
}
inline constexpr auto octet_texts = [] {
  std::array<std::uint32_t, 512> texts{};
  for (std::uint32_t value = 0; value < 256; ++value) {
    std::uint32_t text = ('0' + value % 10) << 16;
    if (value > 9) text |= ('0' + value / 10 % 10) << 8;
    if (value > 99) text |= '0' + value / 100;
    texts[octet_slot(text)] = value << 24 | text;
  }
  return texts;
}();
static_assert(std::ranges::count(octet_texts, 0u) == 512 - 256, "two octets in one place");

/// By the size of an octet: what brings the first characters of a text to the upper end of three
/// bytes, and what keeps the last ones.
inline constexpr std::array<std::uint32_t, 4> octet_shift{0, 1 << 16, 1 << 8, 1};
inline constexpr std::array<std::uint32_t, 4> octet_kept{0, 0xff'00'00, 0xff'ff'00, 0xff'ff'ff};

/// The value of an octet in the uppermost byte, and nothing below; something below for what is
/// none.
constexpr std::uint32_t octet(std::uint32_t text) noexcept {
  return octet_texts[octet_slot(text)] ^ text;
}

/// In one piece: bytes that are stored one by one take long to be read again as a word.
constexpr ipv4_address ipv4_of(unsigned a, unsigned b, unsigned c, unsigned d) noexcept {
  if constexpr (std::endian::native == std::endian::big)
    return std::bit_cast<ipv4_address>(a << 24 | b << 16 | c << 8 | d);
  else
    return std::bit_cast<ipv4_address>(d << 24 | c << 16 | b << 8 | a);
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
      const auto tail = parse_ipv4(from(text, group));
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
  if (gap == none) return ipv6_address{read};

  ipv6_address address;
  const std::size_t skipped = read.size() - filled;
  for (std::size_t i = 0; i < filled; ++i) address.bytes[i < gap ? i : i + skipped] = read[i];
  return address;
}

}  // namespace detail

constexpr std::optional<ipv4_address> parse_ipv4(std::string_view text) noexcept {
  using detail::load;
  const std::size_t size = text.size();
  if (size < 7 || size > 15) return std::nullopt;

  // Two dots from the front, which are among the first eight characters, and one from the back.
  const char* const from = text.data();
  const auto head = size > 7
                        ? load<std::uint64_t>(from)
                        : load<std::uint32_t>(from) |
                              std::uint64_t{load<std::uint32_t>(from + 3) >> 8 | ' ' << 24} << 32;
  const auto back = size > 7 ? load<std::uint64_t>(from + size - 8) : head << 8 | ' ';
  const auto tail = static_cast<std::uint32_t>(back >> 32);
  const auto front_dots = detail::dots_in(head);
  const auto back_dots = detail::dots_in(tail) & 0x80'80'80;
  const auto dot1 = static_cast<unsigned>(std::countr_zero(front_dots)) / 8;
  const auto dot2 = static_cast<unsigned>(std::countr_zero(front_dots & (front_dots - 1))) / 8;
  const auto size4 = static_cast<unsigned>(std::countl_zero(back_dots | 1)) / 8;
  const auto dot3 = static_cast<unsigned>(size) - 1 - size4;
  const auto size2 = dot2 - dot1 - 1;  // these two huge when there is no dot or no room
  const auto size3 = dot3 - dot2 - 1;
  // Dots and digits have the bit of a blank. A zero byte could pass for what a short octet lacks.
  constexpr auto blanks = ~std::uint64_t{0} / 255 * ' ';
  if ((back_dots == 0) | (dot1 - 1 > 2) | (size2 - 1 > 2) | (size3 - 1 > 2) |
      ((head & back & blanks) != blanks))
    return std::nullopt;

  const auto a =
      detail::octet(static_cast<std::uint32_t>(head) * detail::octet_shift[dot1] & 0xff'ff'ff);
  const auto b = detail::octet(load<std::uint32_t>(from + dot2 - 3) & detail::octet_kept[size2]);
  const auto c = detail::octet(load<std::uint32_t>(from + dot3 - 3) & detail::octet_kept[size3]);
  const auto d = detail::octet(tail >> 8 & detail::octet_kept[size4]);
  if (((a | b | c | d) & 0xff'ff'ff) != 0) return std::nullopt;
  return detail::ipv4_of(a >> 24, b >> 24, c >> 24, d >> 24);
}

constexpr std::optional<ipv6_address> parse_ipv6(std::string_view text) noexcept {
  const std::size_t percent = text.find('%');
  auto address = detail::parse_groups(text.substr(0, percent));
  if (!address || percent == text.npos) return address;

  const auto scope = detail::parse_decimal(detail::from(text, percent + 1),
                                           (std::numeric_limits<std::uint32_t>::max)());
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
  const auto port = parse_port(detail::from(text, colon + 1));
  if (!port) return std::nullopt;

  const std::string_view host = text.substr(0, colon);
  if (host.size() > 2 && host.front() == '[' && host.back() == ']') {
    const auto address = parse_ipv6(detail::from(host.substr(0, host.size() - 1), 1));
    if (!address) return std::nullopt;
    return endpoint{*address, *port};
  }
  const auto address = parse_ipv4(host);
  if (!address) return std::nullopt;
  return endpoint{*address, *port};
}

}  // namespace portsock
