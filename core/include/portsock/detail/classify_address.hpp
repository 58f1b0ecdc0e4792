// SPDX-License-Identifier: MIT
#pragma once

// The bodies of address.hpp's questions about an address, its two families side by side.

#include <portsock/address.hpp>

namespace portsock {
namespace detail {

using bytes_v4 = std::array<std::uint8_t, 4>;
using bytes_v6 = std::array<std::uint8_t, 16>;

/// What `v4` or `v6` says about the bytes of `address`.
template <class V4, class V6>
constexpr bool ask(const ip_address& address, V4 v4, V6 v6) noexcept {
  if (family_of(address) == family::v4) return v4(std::get<ipv4_address>(address).bytes);
  return v6(std::get<ipv6_address>(address).bytes);
}

}  // namespace detail

constexpr ip_address any(family which) noexcept {
  if (which == family::v4) return ipv4_address::any();
  return ipv6_address::any();
}

constexpr ip_address loopback(family which) noexcept {
  if (which == family::v4) return ipv4_address::loopback();
  return ipv6_address::loopback();
}

constexpr bool is_unspecified(const ip_address& address) noexcept {
  return detail::ask(
      address, [](const detail::bytes_v4& b) { return b == ipv4_address::any().bytes; },
      [](const detail::bytes_v6& b) { return b == ipv6_address::any().bytes; });
}

constexpr bool is_loopback(const ip_address& address) noexcept {
  return detail::ask(
      address, [](const detail::bytes_v4& b) { return b[0] == 127; },
      [](const detail::bytes_v6& b) { return b == ipv6_address::loopback().bytes; });
}

constexpr bool is_multicast(const ip_address& address) noexcept {
  return detail::ask(
      address, [](const detail::bytes_v4& b) { return (b[0] & 0xf0) == 224; },
      [](const detail::bytes_v6& b) { return b[0] == 0xff; });
}

constexpr bool is_link_local(const ip_address& address) noexcept {
  return detail::ask(
      address, [](const detail::bytes_v4& b) { return b[0] == 169 && b[1] == 254; },
      [](const detail::bytes_v6& b) { return b[0] == 0xfe && (b[1] & 0xc0) == 0x80; });
}

constexpr bool is_private(const ip_address& address) noexcept {
  return detail::ask(
      address,
      [](const detail::bytes_v4& b) {
        return b[0] == 10 || (b[0] == 172 && (b[1] & 0xf0) == 16) || (b[0] == 192 && b[1] == 168);
      },
      [](const detail::bytes_v6& b) { return (b[0] & 0xfe) == 0xfc; });
}

constexpr bool is_v4_mapped(const ip_address& address) noexcept {
  return detail::ask(
      address, [](const detail::bytes_v4&) { return false; },
      [](const detail::bytes_v6& b) {
        for (std::size_t i = 0; i < 10; ++i)
          if (b[i] != 0) return false;
        return b[10] == 0xff && b[11] == 0xff;
      });
}

constexpr ipv6_address mapped(const ipv4_address& address) noexcept {
  const auto& b = address.bytes;
  return {{0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xff, 0xff, b[0], b[1], b[2], b[3]}};
}

constexpr ip_address unmapped(const ip_address& address) noexcept {
  if (!is_v4_mapped(address)) return address;
  const auto& b = std::get<ipv6_address>(address).bytes;
  return ipv4_address{{b[12], b[13], b[14], b[15]}};
}

}  // namespace portsock
