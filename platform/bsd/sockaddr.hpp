// SPDX-License-Identifier: MIT
#pragma once

// Between endpoints and sockaddr: one of the two places where byte order exists (the other is the
// ICMP codec). The structures mean the same on every system, though their constants do not.

#include <optional>

#include <portsock/address.hpp>
#include <portsock/native_endpoint.hpp>

#include "native.hpp"

namespace portsock::platform {

constexpr int native_family(family of) noexcept { return of == family::v4 ? AF_INET : AF_INET6; }
std::optional<family> family_of(int native) noexcept;

in_addr to_native(const ipv4_address& address) noexcept;
in6_addr to_native(const ipv6_address& address) noexcept;
ipv4_address from_native(const in_addr& address) noexcept;
ipv6_address from_native(const in6_addr& address) noexcept;

/// `name`, written by the system: an IPv4-mapped address comes out as the IPv4 address it is.
endpoint to_endpoint(const sockaddr* name) noexcept;

inline const sockaddr* name_of(const native_endpoint& where) noexcept {
  return static_cast<const sockaddr*>(where.data());
}
inline address_length length_of(const native_endpoint& where) noexcept {
  return static_cast<address_length>(where.size());
}

/// Room for a name that a system call writes. Larger than native_endpoint, so that no call is
/// refused for a family that the library does not read.
class socket_name {
 public:
  sockaddr* data() noexcept { return reinterpret_cast<sockaddr*>(&storage_); }
  address_length* length() noexcept { return &length_; }
  endpoint to_endpoint() const noexcept {
    return platform::to_endpoint(reinterpret_cast<const sockaddr*>(&storage_));
  }
  /// The same in the system's form; empty for a family that the library does not read.
  native_endpoint to_native_endpoint() const noexcept;
  /// errc::family_not_supported for the name of a local socket, for one.
  result<endpoint> checked_endpoint() const noexcept {
    if (storage_.ss_family != AF_UNSPEC && !address_family())
      return fail(errc::family_not_supported);
    return to_endpoint();
  }
  std::optional<family> address_family() const noexcept { return family_of(storage_.ss_family); }

 private:
  sockaddr_storage storage_{};
  address_length length_ = sizeof(sockaddr_storage);
};

}  // namespace portsock::platform
