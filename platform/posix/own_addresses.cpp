// SPDX-License-Identifier: MIT
#include "own_addresses.hpp"

#include <cstring>
#include <string_view>

#include <ifaddrs.h>
#include <net/if.h>

namespace portsock::platform {
namespace {

/// The first of this host's IPv4 addresses that `suits`, or nullptr, as an argument of `then`.
template <class Suits, class Then>
auto with_first(Suits suits, Then then) noexcept -> decltype(then(nullptr)) {
  ifaddrs* all = nullptr;
  // musl hands a signal on that comes while it asks the kernel.
  if (uninterrupted(::getifaddrs, &all) != 0) return std::unexpected{last_error()};
  const ifaddrs* one = all;
  while (one != nullptr &&
         (one->ifa_addr == nullptr || one->ifa_addr->sa_family != AF_INET || !suits(*one)))
    one = one->ifa_next;
  auto outcome = then(one);
  ::freeifaddrs(all);
  return outcome;
}

in_addr address_in(const ifaddrs& entry) noexcept {
  sockaddr_in name;
  std::memcpy(&name, entry.ifa_addr, sizeof name);
  return name.sin_addr;
}

}  // namespace

result<in_addr> address_of_interface(std::uint32_t index) noexcept {
  char name[IF_NAMESIZE];
  if (::if_indextoname(index, name) == nullptr) return std::unexpected{last_error()};
  return with_first(
      [&name](const ifaddrs& entry) { return std::string_view{entry.ifa_name} == name; },
      [](const ifaddrs* entry) -> result<in_addr> {
        return entry != nullptr ? address_in(*entry) : in_addr{};
      });
}

result<std::uint32_t> interface_with_address(in_addr address) noexcept {
  return with_first(
      [address](const ifaddrs& entry) { return address_in(entry).s_addr == address.s_addr; },
      [](const ifaddrs* entry) -> result<std::uint32_t> {
        if (entry == nullptr) return fail(errc::address_not_available);
        const auto index = ::if_nametoindex(entry->ifa_name);
        if (index == 0) return std::unexpected{last_error()};
        return index;
      });
}

}  // namespace portsock::platform
