// SPDX-License-Identifier: MIT
#pragma once

// The bodies of address.hpp's formatters.

#include <portsock/address.hpp>
#include <portsock/detail/decimal.hpp>

namespace portsock {
namespace detail {

/// Every octet in decimal: three characters, of which the fourth says how many are meant.
inline constexpr auto octets = [] {
  std::array<std::array<char, 4>, 256> texts{};
  for (std::uint32_t i = 0; i < texts.size(); ++i)
    texts[i][3] = static_cast<char>(write_decimal(texts[i].data(), i) - texts[i].data());
  return texts;
}();

/// Writes up to 15 characters, and may scribble on the 16th.
constexpr char* write(char* out, const ipv4_address& address) noexcept {
  for (const std::uint8_t byte : address.bytes) {
    const auto& text = octets[byte];
    std::char_traits<char>::copy(out, text.data(), text.size());  // four at once: one move
    out += text.back();
    *out++ = '.';
  }
  return out - 1;
}

constexpr char* write_hex(char* out, unsigned group) noexcept {
  constexpr std::string_view digits = "0123456789abcdef";
  if (group > 0xfff) *out++ = digits[group >> 12];
  if (group > 0xff) *out++ = digits[group >> 8 & 15];
  if (group > 0xf) *out++ = digits[group >> 4 & 15];
  *out++ = digits[group & 15];
  return out;
}

/// Some of the eight groups, from `begin` up to `end`.
struct group_run {
  std::size_t begin = 8;
  std::size_t end = 8;
  constexpr std::size_t size() const noexcept { return end - begin; }
};

/// The groups that "::" replaces: none if no two neighbours are zero (RFC 5952 section 4.2.2).
constexpr group_run longest_zero_run(const std::array<unsigned, 8>& groups) noexcept {
  group_run longest;
  for (std::size_t i = 0; i < groups.size(); ++i) {
    if (groups[i] != 0) continue;
    group_run run{i, i + 1};
    while (run.end < groups.size() && groups[run.end] == 0) ++run.end;
    if (run.size() > 1 && run.size() > longest.size()) longest = run;
    i = run.end;
  }
  return longest;
}

constexpr char* write_groups(char* out, const std::array<std::uint8_t, 16>& bytes) noexcept {
  std::array<unsigned, 8> groups{};
  for (std::size_t i = 0; i < groups.size(); ++i)
    groups[i] = unsigned{bytes[2 * i]} << 8 | bytes[2 * i + 1];

  const group_run zeros = longest_zero_run(groups);
  for (std::size_t i = 0; i < groups.size(); ++i) {
    if (i == zeros.begin) {
      *out++ = ':';
      if (zeros.end == groups.size()) *out++ = ':';
      i = zeros.end;
      if (i == groups.size()) break;
    }
    if (i != 0) *out++ = ':';
    out = write_hex(out, groups[i]);
  }
  return out;
}

constexpr char* write(char* out, const ipv6_address& address) noexcept {
  const auto& bytes = address.bytes;
  if (is_v4_mapped(address)) {
    constexpr std::string_view prefix = "::ffff:";
    std::char_traits<char>::copy(out, prefix.data(), prefix.size());
    out = write(out + prefix.size(), ipv4_address{{bytes[12], bytes[13], bytes[14], bytes[15]}});
  } else {
    out = write_groups(out, bytes);
  }
  if (address.scope == 0) return out;
  *out++ = '%';
  return write_decimal(out, address.scope);
}

constexpr std::string_view text_between(const char* begin, const char* end) noexcept {
  return {begin, static_cast<std::size_t>(end - begin)};
}

}  // namespace detail

constexpr std::string_view format_to(std::span<char, address_text_size> buffer,
                                     const ip_address& address) noexcept {
  const auto write = [&](const auto& of_family) { return detail::write(buffer.data(), of_family); };
  return detail::text_between(buffer.data(), std::visit(write, address));
}

constexpr std::string_view format_to(std::span<char, address_text_size> buffer,
                                     const endpoint& endpoint) noexcept {
  char* out = buffer.data();
  if (family_of(endpoint.address) == family::v4) {
    out = detail::write(out, std::get<ipv4_address>(endpoint.address));
  } else {
    *out++ = '[';
    out = detail::write(out, std::get<ipv6_address>(endpoint.address));
    *out++ = ']';
  }
  *out++ = ':';
  return detail::text_between(buffer.data(), detail::write_decimal(out, endpoint.port));
}

inline std::string to_string(const ip_address& address) {
  std::array<char, address_text_size> buffer;
  return std::string{format_to(buffer, address)};
}

inline std::string to_string(const endpoint& endpoint) {
  std::array<char, address_text_size> buffer;
  return std::string{format_to(buffer, endpoint)};
}

}  // namespace portsock
