// SPDX-License-Identifier: MIT
#pragma once

// Networks as values: "10.0.0.0/8", what they contain, and a walk over their hosts.
// Every function here is pure, so any thread may call it at any time.

#include <compare>
#include <cstddef>
#include <cstdint>
#include <iterator>
#include <optional>
#include <span>
#include <string>
#include <string_view>

#include <portsock/address.hpp>

namespace portsock {

/// Addresses one after another, both ends included. It and its iterators depend on nothing else.
class address_range {
 public:
  class iterator {
   public:
    using value_type = ip_address;
    using difference_type = std::ptrdiff_t;
    using iterator_concept = std::forward_iterator_tag;

    constexpr iterator() noexcept = default;
    constexpr ip_address operator*() const noexcept { return at_; }
    constexpr iterator& operator++() noexcept;
    constexpr iterator operator++(int) noexcept;

    friend constexpr bool operator==(const iterator&, const iterator&) noexcept = default;
    friend constexpr bool operator==(const iterator& i, std::default_sentinel_t) noexcept {
      return i.past_;
    }

   private:
    friend address_range;
    constexpr iterator(const ip_address& first, const ip_address& last) noexcept
        : at_{first}, last_{last}, past_{false} {}

    ip_address at_;
    ip_address last_;
    bool past_ = true;  // a flag, since nothing comes after 255.255.255.255
  };

  constexpr iterator begin() const noexcept { return {first_, last_}; }
  constexpr std::default_sentinel_t end() const noexcept { return std::default_sentinel; }

 private:
  friend class prefix;
  constexpr address_range(const ip_address& first, const ip_address& last) noexcept
      : first_{first}, last_{last} {}

  ip_address first_;
  ip_address last_;
};

/// A network in CIDR notation (RFC 4632): the addresses that share its first `length` bits.
class prefix {
 public:
  /// The network of `length` bits in which `address` is. Its host bits and its scope are dropped.
  /// Nothing if `length` is above 32 for IPv4, or above 128 for IPv6.
  static constexpr std::optional<prefix> of(const ip_address& address, unsigned length) noexcept;

  /// The address with all host bits 0.
  constexpr const ip_address& network() const noexcept { return network_; }
  /// In bits.
  constexpr unsigned length() const noexcept { return length_; }
  /// A network of one address: /32 or /128.
  constexpr bool is_host() const noexcept { return host_bits() == 0; }

  /// Families never mix, not even for v4-mapped addresses. The scope does not matter.
  constexpr bool contains(const ip_address& address) const noexcept;
  /// Whether every address of `other` is in this network.
  constexpr bool contains(const prefix& other) const noexcept {
    return length_ <= other.length_ && contains(other.network_);
  }

  /// The lowest and the highest address; in an IPv4 subnet, the network's and the broadcast one.
  constexpr ip_address first() const noexcept { return network_; }
  constexpr ip_address last() const noexcept;

  /// The addresses for hosts, at least one: in IPv4 without the first and the last, unless the
  /// network is a link between two (/31, RFC 3021) or a single host; in IPv6 all.
  constexpr address_range hosts() const noexcept;
  /// How many hosts() has, or the largest number there is.
  constexpr std::uint64_t host_count() const noexcept;

  friend constexpr auto operator<=>(const prefix&, const prefix&) = default;

 private:
  constexpr prefix(const ip_address& network, unsigned length) noexcept
      : network_{network}, length_{static_cast<std::uint8_t>(length)} {}
  constexpr unsigned host_bits() const noexcept;
  constexpr bool has_broadcast() const noexcept;

  ip_address network_;
  std::uint8_t length_;
};

/// "10.0.0.0/8", "2001:db8::/32". Nothing for other text: the address as parse_address() wants it,
/// but with no zone, since a network is on no interface; a length without leading zeros. An address
/// with host bits ("10.0.0.1/8") is refused too, being more likely a mistake than a network.
constexpr std::optional<prefix> parse_prefix(std::string_view text) noexcept;

/// As the format_to() of an address.
constexpr std::string_view format_to(std::span<char, address_text_size> buffer,
                                     const prefix& prefix) noexcept;
std::string to_string(const prefix& prefix);

namespace detail {
prefix this_text_is_not_a_prefix();  // never defined: its name is the compiler's message
}  // namespace detail

namespace literals {

/// `"10.0.0.0/8"_prefix`. Text that is not a network does not compile.
consteval prefix operator""_prefix(const char* text, std::size_t size) {
  const auto parsed = parse_prefix({text, size});
  return parsed ? *parsed : detail::this_text_is_not_a_prefix();
}

}  // namespace literals
}  // namespace portsock

#include <portsock/detail/prefix.hpp>
