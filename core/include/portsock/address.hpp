// SPDX-License-Identifier: MIT
#pragma once

// Addresses as plain values: constexpr, comparable, hashable, free of sockaddr and of byte order.
// Every function here is pure, so any thread may call it at any time.

#include <array>
#include <compare>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <variant>

namespace portsock {

enum class family : std::uint8_t { v4, v6 };

struct ipv4_address {
  std::array<std::uint8_t, 4> bytes{};  ///< as written: 192.0.2.1 is {192, 0, 2, 1}

  static constexpr ipv4_address any() noexcept { return {}; }
  static constexpr ipv4_address loopback() noexcept { return {{127, 0, 0, 1}}; }
  friend constexpr auto operator<=>(const ipv4_address&, const ipv4_address&) = default;
};

struct ipv6_address {
  std::array<std::uint8_t, 16> bytes{};  ///< as written: the first is the most significant
  /// The index of the interface whose link the address belongs to; 0 when it needs none.
  std::uint32_t scope = 0;

  static constexpr ipv6_address any() noexcept { return {}; }
  static constexpr ipv6_address loopback() noexcept {
    return {{0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1}};
  }
  friend constexpr auto operator<=>(const ipv6_address&, const ipv6_address&) = default;
};

/// An address of either family. IPv4 sorts before IPv6.
using ip_address = std::variant<ipv4_address, ipv6_address>;

/// Where a socket is, or where a datagram goes. Port 0 in a bind lets the system choose.
struct endpoint {
  ip_address address;
  std::uint16_t port = 0;  ///< a number: 80 is 80 on every machine

  friend constexpr auto operator<=>(const endpoint&, const endpoint&) = default;
};

constexpr family family_of(const ip_address& address) noexcept {
  return address.index() == 0 ? family::v4 : family::v6;
}

/// 0.0.0.0 or ::, every address of this host when a socket is bound to it.
constexpr ip_address any(family) noexcept;
/// 127.0.0.1 or ::1.
constexpr ip_address loopback(family) noexcept;

// ---- Text to addresses. As strict as inet_pton, because systems disagree about all the rest:
// no "127.1", no leading zeros or octal, no "0x", no blanks. Nothing is returned for other text.

/// "192.0.2.1": four decimal numbers up to 255.
constexpr std::optional<ipv4_address> parse_ipv4(std::string_view text) noexcept;

/// "2001:db8::1", "::ffff:192.0.2.1", "fe80::1%2" (RFC 4291 section 2.2, RFC 4007 section 11).
/// "::" stands for at least one group. The zone is an interface index from 1 to 4294967295, and any
/// address may have one. A zone's name ("%eth0") means something on one host only: refused.
constexpr std::optional<ipv6_address> parse_ipv6(std::string_view text) noexcept;

/// Text that is an address of either family.
constexpr std::optional<ip_address> parse_address(std::string_view text) noexcept;

/// "0" to "65535": digits alone, no leading zero.
constexpr std::optional<std::uint16_t> parse_port(std::string_view text) noexcept;

/// "192.0.2.1:80", "[2001:db8::1]:80", "[fe80::1%2]:80". IPv6 has brackets and IPv4 has none.
constexpr std::optional<endpoint> parse_endpoint(std::string_view text) noexcept;

// ---- Addresses to text, in the one form of RFC 5952: lower case, no leading zeros, "::" for the
// first of the longest runs of two or more zero groups; a scope that is not 0 follows as "%2".
// A v4-mapped address reads "::ffff:192.0.2.1". Parsing the text gives the same address again.

/// Room for the text of any address, endpoint or prefix. There is no terminating zero.
inline constexpr std::size_t address_text_size =
    std::string_view{"[ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff%4294967295]:65535"}.size();

/// Writes to the front of `buffer`, and returns a view of what it wrote. Allocates nothing. What
/// follows the text in the buffer is left undefined.
constexpr std::string_view format_to(std::span<char, address_text_size> buffer,
                                     const ip_address& address) noexcept;
constexpr std::string_view format_to(std::span<char, address_text_size> buffer,
                                     const endpoint& endpoint) noexcept;

std::string to_string(const ip_address& address);
std::string to_string(const endpoint& endpoint);

// ---- What an address is for (RFC 6890). The scope does not matter. A v4-mapped address is judged
// as the IPv6 address that it is: a filter that wants to see through it asks about unmapped(a).

/// 0.0.0.0, ::
constexpr bool is_unspecified(const ip_address& address) noexcept;
/// 127.0.0.0/8, ::1
constexpr bool is_loopback(const ip_address& address) noexcept;
/// 224.0.0.0/4, ff00::/8
constexpr bool is_multicast(const ip_address& address) noexcept;
/// 169.254.0.0/16 (RFC 3927), fe80::/10
constexpr bool is_link_local(const ip_address& address) noexcept;
/// 10.0.0.0/8, 172.16.0.0/12, 192.168.0.0/16 (RFC 1918), fc00::/7 (RFC 4193)
constexpr bool is_private(const ip_address& address) noexcept;
/// ::ffff:0.0.0.0/96, as which IPv4 peers appear on an IPv6 socket that takes both.
constexpr bool is_v4_mapped(const ip_address& address) noexcept;

/// 192.0.2.1 becomes ::ffff:192.0.2.1.
constexpr ipv6_address mapped(const ipv4_address& address) noexcept;
/// ::ffff:192.0.2.1 becomes 192.0.2.1, without its scope; all others stay as they are.
constexpr ip_address unmapped(const ip_address& address) noexcept;

namespace detail {
// Not constexpr and never defined: the compiler's complaint about such a call is the message.
ip_address this_text_is_not_an_ip_address();
endpoint this_text_is_not_an_endpoint();
}  // namespace detail

namespace literals {

/// `"192.0.2.1"_ip`. Text that is not an address does not compile.
consteval ip_address operator""_ip(const char* text, std::size_t size) {
  const auto address = parse_address({text, size});
  return address ? *address : detail::this_text_is_not_an_ip_address();
}

/// `"[2001:db8::1]:80"_endpoint`. Text that is not an endpoint does not compile.
consteval endpoint operator""_endpoint(const char* text, std::size_t size) {
  const auto parsed = parse_endpoint({text, size});
  return parsed ? *parsed : detail::this_text_is_not_an_endpoint();
}

}  // namespace literals
}  // namespace portsock

#include <portsock/detail/classify_address.hpp>
#include <portsock/detail/format_address.hpp>
#include <portsock/detail/hash_address.hpp>
#include <portsock/detail/parse_address.hpp>
#include <portsock/prefix.hpp>
