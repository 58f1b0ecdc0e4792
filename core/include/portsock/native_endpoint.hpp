// SPDX-License-Identifier: MIT
#pragma once

// An endpoint in the system's own form: what a datagram brought, unread until somebody asks.

#include <array>
#include <cstddef>
#include <cstdint>

#include <portsock/address.hpp>

namespace portsock {

/// A socket address as the system writes it. Answering the sender of a datagram, or sending many to
/// one peer, needs no translation then: it goes back as it came. Reading it is to_endpoint().
class native_endpoint {
 public:
  /// Room for the largest address the library reads: an IPv6 one is 28 bytes on every system.
  static constexpr std::size_t capacity = 28;

  native_endpoint() noexcept : size_{0} {}
  /// `where` as a socket of its own family wants it.
  native_endpoint(const endpoint& where) noexcept;  // NOLINT(google-explicit-constructor)

  /// An IPv4 peer of a dual-stack socket comes out as the IPv4 endpoint that it is. An empty name
  /// is the IPv4 wildcard with port 0.
  endpoint to_endpoint() const noexcept;
  friend bool operator==(const native_endpoint& left, const endpoint& right) noexcept {
    return left.to_endpoint() == right;
  }
  friend bool operator==(const native_endpoint& left, const native_endpoint& right) noexcept {
    return left.to_endpoint() == right.to_endpoint();
  }

  // For backends, and for those who let one write here.
  struct unwritten {};
  explicit native_endpoint(unwritten) noexcept {}  // NOLINT(cppcoreguidelines-pro-type-member-init)
  const void* data() const noexcept { return bytes_.data(); }
  void* data() noexcept { return bytes_.data(); }
  std::uint32_t size() const noexcept { return size_; }
  std::uint32_t& size() noexcept { return size_; }

 private:
  alignas(8) std::array<std::byte, capacity> bytes_;
  std::uint32_t size_;
};

}  // namespace portsock
