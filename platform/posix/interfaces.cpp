// SPDX-License-Identifier: MIT
#include <algorithm>
#include <bit>
#include <cstring>
#include <memory>

#include <ifaddrs.h>
#include <net/if.h>
#include <sys/ioctl.h>

#include <platform/bsd/sockaddr.hpp>
#include <platform/contract.hpp>

#include "native.hpp"

namespace portsock::platform {
namespace {

std::uint32_t mtu_of(native_handle any_socket, const char* name) noexcept {
  ifreq request{};
  std::strncpy(request.ifr_name, name, sizeof request.ifr_name - 1);
  if (::ioctl(descriptor(any_socket), SIOCGIFMTU, &request) != 0) return 0;
  return static_cast<std::uint32_t>(request.ifr_mtu);
}

/// A mask's family is not set on every system, so the address's counts.
std::uint8_t prefix_length(const sockaddr* mask, family of) noexcept {
  if (mask == nullptr) return of == family::v4 ? 32 : 128;
  const auto* bytes = reinterpret_cast<const unsigned char*>(mask);
  const bool v4 = of == family::v4;
  bytes += v4 ? offsetof(sockaddr_in, sin_addr) : offsetof(sockaddr_in6, sin6_addr);
  int bits = 0;
  for (int i = 0; i != (v4 ? 4 : 16); ++i) bits += std::popcount(bytes[i]);
  return static_cast<std::uint8_t>(bits);
}

network_interface describe(const ifaddrs& entry, std::uint32_t index, native_handle any_socket) {
  const auto has = [&entry](unsigned flag) { return (entry.ifa_flags & flag) != 0; };
  return {.index = index,
          .name = entry.ifa_name,
          .friendly_name = entry.ifa_name,
          .up = has(IFF_UP),
          .loopback = has(IFF_LOOPBACK),
          .point_to_point = has(IFF_POINTOPOINT),
          .broadcast = has(IFF_BROADCAST),
          .multicast = has(IFF_MULTICAST),
          .mtu = mtu_of(any_socket, entry.ifa_name),
          .addresses = {}};
}

}  // namespace

result<std::vector<network_interface>> interfaces() {
  ifaddrs* answer = nullptr;
  if (uninterrupted(::getifaddrs, &answer) != 0) return std::unexpected{last_error()};
  const std::unique_ptr<ifaddrs, decltype(&::freeifaddrs)> list{answer, &::freeifaddrs};
  const auto any_socket = open(family::v4, kind::datagram);
  if (!any_socket) return any_socket.failure();

  std::vector<network_interface> found;
  for (const auto* entry = list.get(); entry != nullptr; entry = entry->ifa_next) {
    const auto index = ::if_nametoindex(entry->ifa_name);
    if (index == 0 && (errno == ENODEV || errno == ENXIO)) continue;  // it went away meanwhile
    if (index == 0) return std::unexpected{last_error()};
    auto at = std::ranges::find(found, index, &network_interface::index);
    if (at == found.end()) at = found.insert(at, describe(*entry, index, any_socket->get()));
    if (entry->ifa_addr == nullptr) continue;
    const auto of = family_of(entry->ifa_addr->sa_family);
    if (!of) continue;
    at->addresses.push_back(
        {to_endpoint(entry->ifa_addr).address, prefix_length(entry->ifa_netmask, *of)});
  }
  std::ranges::sort(found, {}, &network_interface::index);
  return found;
}

}  // namespace portsock::platform
