// SPDX-License-Identifier: MIT
#include "sockaddr.hpp"

#include <algorithm>
#include <cstring>

namespace portsock::platform {
namespace {

static_assert(sizeof(sockaddr_in6) == native_endpoint::capacity);

template <class To, class From>
To bytes_as(const From& from) noexcept {
  static_assert(sizeof(To) == sizeof(From));
  To to;
  std::memcpy(&to, &from, sizeof to);
  return to;
}

}  // namespace

std::optional<family> family_of(int native) noexcept {
  if (native == AF_INET) return family::v4;
  if (native == AF_INET6) return family::v6;
  return std::nullopt;
}

in_addr to_native(const ipv4_address& address) noexcept { return bytes_as<in_addr>(address.bytes); }
in6_addr to_native(const ipv6_address& address) noexcept {
  return bytes_as<in6_addr>(address.bytes);
}
ipv4_address from_native(const in_addr& address) noexcept {
  return {bytes_as<std::array<std::uint8_t, 4>>(address)};
}
ipv6_address from_native(const in6_addr& address) noexcept {
  return {bytes_as<std::array<std::uint8_t, 16>>(address)};
}

endpoint to_endpoint(const sockaddr* name) noexcept {
  if (name->sa_family == AF_INET6) {
    sockaddr_in6 v6;
    std::memcpy(&v6, name, sizeof v6);
    auto address = from_native(v6.sin6_addr);
    address.scope = static_cast<std::uint32_t>(v6.sin6_scope_id);
    return {unmapped(address), ntohs(v6.sin6_port)};
  }
  if (name->sa_family == AF_INET) {
    sockaddr_in v4;
    std::memcpy(&v4, name, sizeof v4);
    return {from_native(v4.sin_addr), ntohs(v4.sin_port)};
  }
  return {};  // AF_UNSPEC: the name of a socket that has none
}

native_endpoint socket_name::to_native_endpoint() const noexcept {
  native_endpoint copy;
  if (!address_family()) return copy;
  const auto size = (std::min)(static_cast<std::size_t>(length_), native_endpoint::capacity);
  std::memcpy(copy.data(), &storage_, size);
  copy.size() = static_cast<std::uint32_t>(size);
  return copy;
}

}  // namespace portsock::platform

namespace portsock {

native_endpoint::native_endpoint(const endpoint& where) noexcept {
  // sin_len of BSD stays 0: the kernel fills it in from the length that the call is given.
  if (const auto* v4 = std::get_if<ipv4_address>(&where.address)) {
    sockaddr_in name{};
    name.sin_family = AF_INET;
    name.sin_port = htons(where.port);
    name.sin_addr = platform::to_native(*v4);
    std::memcpy(bytes_.data(), &name, size_ = sizeof name);
    return;
  }
  const auto& v6 = std::get<ipv6_address>(where.address);
  sockaddr_in6 name{};
  name.sin6_family = AF_INET6;
  name.sin6_port = htons(where.port);
  name.sin6_addr = platform::to_native(v6);
  name.sin6_scope_id = v6.scope;
  std::memcpy(bytes_.data(), &name, size_ = sizeof name);
}

endpoint native_endpoint::to_endpoint() const noexcept {
  if (size_ < sizeof(sockaddr_in)) return {};
  return platform::to_endpoint(platform::name_of(*this));
}

}  // namespace portsock
