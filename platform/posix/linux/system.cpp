// SPDX-License-Identifier: MIT
#include "system.hpp"

#include <cstring>
#include <ctime>

#include <net/if.h>

namespace portsock::platform {
namespace {

// glibc 2.36 has no name for it; linux/in6.h does, and cannot be included beside netinet/in.h.
constexpr int ipv6_multicast_all = 29;

int switch_option(int s, int level, int name, int value) noexcept {
  return ::setsockopt(s, level, name, &value, sizeof value);
}

bool filters_sources(int s, int level, const sockaddr_storage& group,
                     std::uint32_t index) noexcept {
  group_filter filter{};
  filter.gf_interface = index;
  filter.gf_group = group;
  socklen_t size = sizeof filter;
  return ::getsockopt(s, level, MCAST_MSFILTER, &filter, &size) == 0 &&
         filter.gf_fmode == MCAST_INCLUDE;
}

}  // namespace

void ignore_foreign_groups(int s, family of) noexcept {
  switch_option(s, IPPROTO_IP, IP_MULTICAST_ALL, 0);
  if (of == family::v6) switch_option(s, IPPROTO_IPV6, ipv6_multicast_all, 0);
}

bool hears_some_sources(int s, int level, const sockaddr_storage& group,
                        std::uint32_t index) noexcept {
  if (index != 0) return filters_sources(s, level, group, index);
  // The kernel has chosen one, and is asked by it.
  auto* const all = ::if_nameindex();
  bool found = false;
  for (auto* one = all; one != nullptr && one->if_index != 0 && !found; ++one)
    found = filters_sources(s, level, group, one->if_index);
  if (all != nullptr) ::if_freenameindex(all);
  return found;
}

int share_port(int s) noexcept { return switch_option(s, SOL_SOCKET, SO_REUSEADDR, 1); }
int balance_port(int s) noexcept { return switch_option(s, SOL_SOCKET, SO_REUSEPORT, 1); }

void choose_port_late(int s) noexcept { switch_option(s, IPPROTO_IP, IP_BIND_ADDRESS_NO_PORT, 1); }

int bind_to_interface(int s, family, std::uint32_t index) noexcept {
  char name[IF_NAMESIZE];
  if (::if_indextoname(index, name) == nullptr) return -1;
  return ::setsockopt(s, SOL_SOCKET, SO_BINDTODEVICE, name,
                      static_cast<socklen_t>(std::strlen(name)));
}

int poll_for(std::span<pollfd> entries, deadline::clock::duration left) noexcept {
  using namespace std::chrono;
  if (left == deadline::clock::duration::max())
    return ::ppoll(entries.data(), entries.size(), nullptr, nullptr);
  const auto whole = duration_cast<seconds>(left);
  const timespec timeout{static_cast<std::time_t>(whole.count()),
                         static_cast<long>(nanoseconds{left - whole}.count())};
  return ::ppoll(entries.data(), entries.size(), &timeout, nullptr);
}

}  // namespace portsock::platform
