// SPDX-License-Identifier: MIT
#pragma once

// std::hash for addresses and endpoints. std::variant brings the one for ip_address.

#include <bit>
#include <functional>

#include <portsock/address.hpp>

namespace portsock::detail {

/// Neighbours go far apart, also in the low bits, which are all that some hash tables look at.
constexpr std::uint64_t scatter(std::uint64_t value) noexcept {
  value *= 0x9e3779b97f4a7c15;  // 2^64 divided by the golden ratio
  return value ^ value >> 32;
}

}  // namespace portsock::detail

template <>
struct std::hash<portsock::ipv4_address> {
  std::size_t operator()(const portsock::ipv4_address& address) const noexcept {
    using portsock::detail::scatter;
    return static_cast<std::size_t>(scatter(std::bit_cast<std::uint32_t>(address.bytes)));
  }
};

template <>
struct std::hash<portsock::ipv6_address> {
  std::size_t operator()(const portsock::ipv6_address& address) const noexcept {
    using portsock::detail::scatter;
    const auto words = std::bit_cast<std::array<std::uint64_t, 2>>(address.bytes);
    const auto both = scatter(scatter(words[1]) + words[0]);
    return static_cast<std::size_t>(scatter(both + address.scope));
  }
};

template <>
struct std::hash<portsock::endpoint> {
  std::size_t operator()(const portsock::endpoint& endpoint) const noexcept {
    const std::uint64_t address = std::hash<portsock::ip_address>{}(endpoint.address);
    return static_cast<std::size_t>(portsock::detail::scatter(address + endpoint.port));
  }
};
