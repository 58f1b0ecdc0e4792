// SPDX-License-Identifier: MIT
#pragma once

// The bodies of prefix.hpp: arithmetic on addresses as numbers of 32 and of 128 bits.

#include <limits>
#include <type_traits>

#include <portsock/detail/decimal.hpp>
#include <portsock/prefix.hpp>

namespace portsock {
namespace detail {

constexpr unsigned bits_of(const ip_address& address) noexcept {
  return family_of(address) == family::v4 ? 32 : 128;
}

/// The bits of byte `index` that are after the first `length` of the address.
constexpr std::uint8_t host_mask(std::size_t index, unsigned length) noexcept {
  const std::size_t before = 8 * index;
  if (length <= before) return 0xff;
  if (length >= before + 8) return 0;
  return static_cast<std::uint8_t>(0xff >> (length - before));
}

template <std::size_t Size>
constexpr bool share_bits(const std::array<std::uint8_t, Size>& left,
                          const std::array<std::uint8_t, Size>& right, unsigned length) noexcept {
  std::size_t i = 0;
  for (; i < length / 8; ++i)
    if (left[i] != right[i]) return false;
  return i == Size || ((left[i] ^ right[i]) & ~host_mask(i, length)) == 0;
}

/// `address` with its bits after the first `length` all 0, and on no interface.
constexpr ip_address without_host_bits(ip_address address, unsigned length) noexcept {
  const auto clear = [length](auto& bytes) {
    for (std::size_t i = 0; i < bytes.size(); ++i)
      bytes[i] = static_cast<std::uint8_t>(bytes[i] & ~host_mask(i, length));
  };
  if (family_of(address) == family::v4) {
    clear(std::get<ipv4_address>(address).bytes);
  } else {
    auto& v6 = std::get<ipv6_address>(address);
    clear(v6.bytes);
    v6.scope = 0;
  }
  return address;
}

/// `address` with its bits after the first `length` all 1.
constexpr ip_address with_host_bits(ip_address address, unsigned length) noexcept {
  const auto set = [length](auto& of_family) {
    auto& bytes = of_family.bytes;
    for (std::size_t i = 0; i < bytes.size(); ++i)
      bytes[i] = static_cast<std::uint8_t>(bytes[i] | host_mask(i, length));
  };
  std::visit(set, address);
  return address;
}

/// Adds `step`, the number 1 or -1, to `address`, and wraps around at the ends.
constexpr ip_address neighbour(ip_address address, int step) noexcept {
  const int carries_into = step > 0 ? 0 : 0xff;  // what a byte is after the carry has gone through
  const auto add = [=](auto& of_family) {
    auto& bytes = of_family.bytes;
    for (std::size_t i = bytes.size(); i-- != 0;) {
      bytes[i] = static_cast<std::uint8_t>(bytes[i] + step);
      if (bytes[i] != carries_into) return;
    }
  };
  std::visit(add, address);
  return address;
}

}  // namespace detail

constexpr address_range::iterator& address_range::iterator::operator++() noexcept {
  past_ = at_ == last_;
  if (!past_) at_ = detail::neighbour(at_, 1);
  return *this;
}

constexpr address_range::iterator address_range::iterator::operator++(int) noexcept {
  const auto before = *this;
  ++*this;
  return before;
}

constexpr std::optional<prefix> prefix::of(const ip_address& address, unsigned length) noexcept {
  if (length > detail::bits_of(address)) return std::nullopt;
  return prefix{detail::without_host_bits(address, length), length};
}

constexpr unsigned prefix::host_bits() const noexcept {
  return detail::bits_of(network_) - length_;
}

constexpr bool prefix::has_broadcast() const noexcept {
  return family_of(network_) == family::v4 && host_bits() > 1;
}

constexpr bool prefix::contains(const ip_address& address) const noexcept {
  if (family_of(address) != family_of(network_)) return false;
  return std::visit(
      [this](const auto& of_family) {
        const auto& network = std::get<std::remove_cvref_t<decltype(of_family)>>(network_);
        return detail::share_bits(of_family.bytes, network.bytes, length_);
      },
      address);
}

constexpr ip_address prefix::last() const noexcept {
  return detail::with_host_bits(network_, length_);
}

constexpr address_range prefix::hosts() const noexcept {
  if (!has_broadcast()) return {first(), last()};
  return {detail::neighbour(first(), 1), detail::neighbour(last(), -1)};
}

constexpr std::uint64_t prefix::host_count() const noexcept {
  if (host_bits() > 63) return (std::numeric_limits<std::uint64_t>::max)();
  const std::uint64_t all = std::uint64_t{1} << host_bits();
  return has_broadcast() ? all - 2 : all;
}

constexpr std::optional<prefix> parse_prefix(std::string_view text) noexcept {
  const std::size_t slash = text.find('/');
  if (slash == text.npos) return std::nullopt;
  const auto address = parse_address(text.substr(0, slash));
  const auto length = detail::parse_decimal(detail::from(text, slash + 1), 128);
  if (!address || !length) return std::nullopt;

  const auto parsed = prefix::of(*address, *length);
  // The network has neither host bits nor a scope, so text with either is not equal to it.
  if (!parsed || parsed->network() != *address) return std::nullopt;
  return parsed;
}

constexpr std::string_view format_to(std::span<char, address_text_size> buffer,
                                     const prefix& prefix) noexcept {
  char* out = buffer.data() + format_to(buffer, prefix.network()).size();
  *out++ = '/';
  out = detail::write_decimal(out, prefix.length());
  return {buffer.data(), static_cast<std::size_t>(out - buffer.data())};
}

inline std::string to_string(const prefix& prefix) {
  std::array<char, address_text_size> buffer;
  return std::string{format_to(buffer, prefix)};
}

}  // namespace portsock
