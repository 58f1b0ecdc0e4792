// SPDX-License-Identifier: MIT

// ip(7), socket(7), udp(7).

#include "details.hpp"

#include <ctime>

#include <platform/bsd/destination.hpp>
#include <platform/bsd/sockaddr.hpp>

#include "udp.hpp"

namespace portsock::platform {
int report_v4_destination(int s, bool on) noexcept {
  return set_number(s, IPPROTO_IP, IP_PKTINFO, on);
}
int report_arrival(int s, bool on) noexcept {
  return set_number(s, SOL_SOCKET, SO_TIMESTAMPNS, on);
}

void read_system_detail(const control_item& item, datagram_details& into) noexcept {
  if (item.level == IPPROTO_IP && item.type == IP_PKTINFO) {
    if (const auto info = item.as<in_pktinfo>())
      take_destination(from_native(info->ipi_addr), static_cast<std::uint32_t>(info->ipi_ifindex),
                       into);
  } else if (item.level == SOL_SOCKET && item.type == SCM_TIMESTAMPNS) {
    if (const auto at = item.as<timespec>())
      into.arrival.emplace(std::chrono::seconds{at->tv_sec} +
                           std::chrono::nanoseconds{at->tv_nsec});
  } else if (item.level == IPPROTO_UDP && item.type == udp_coalesce) {
    if (const auto size = item.as<int>(); size && *size > 0)
      into.segment_size = static_cast<std::size_t>(*size);
  }
}

result<> add_v4_source(native_handle, native_control_writer& control,
                       const send_details& how) noexcept {
  in_pktinfo info{};
  info.ipi_ifindex = static_cast<int>(how.interface_index.value_or(0));
  if (how.source) info.ipi_spec_dst = to_native(std::get<ipv4_address>(*how.source));
  control.add(IPPROTO_IP, IP_PKTINFO, info);
  return {};
}
result<> add_v4_hop_limit(native_control_writer& control, int hops) noexcept {
  control.add(IPPROTO_IP, IP_TTL, hops);
  return {};
}
void add_v4_traffic_class(native_control_writer& control, int value) noexcept {
  control.add(IPPROTO_IP, IP_TOS, value);
}

}  // namespace portsock::platform
