// SPDX-License-Identifier: MIT

// ip(4), and netinet/in.h of the SDK.

#include "details.hpp"

#include <sys/time.h>

#include <platform/bsd/destination.hpp>
#include <platform/bsd/sockaddr.hpp>

namespace portsock::platform {
int report_v4_destination(int s, bool on) noexcept {
  return set_number(s, IPPROTO_IP, IP_RECVPKTINFO, on);
}
int report_arrival(int s, bool on) noexcept { return set_number(s, SOL_SOCKET, SO_TIMESTAMP, on); }

void read_system_detail(const control_item& item, datagram_details& into) noexcept {
  if (item.level == IPPROTO_IP && item.type == IP_PKTINFO) {
    if (const auto info = item.as<in_pktinfo>())
      take_destination(from_native(info->ipi_addr), static_cast<std::uint32_t>(info->ipi_ifindex),
                       into);
  } else if (item.level == SOL_SOCKET && item.type == SCM_TIMESTAMP) {
    if (const auto at = item.as<timeval>())
      into.arrival.emplace(std::chrono::seconds{at->tv_sec} +
                           std::chrono::microseconds{at->tv_usec});
  }
}

// The kernel looks at ipi_spec_dst unless an interface is named, and then takes that one's address
// (udp_check_pktinfo).
result<> add_v4_source(native_handle, native_control_writer& control,
                       const send_details& how) noexcept {
  in_pktinfo info{};
  if (how.source)
    info.ipi_spec_dst = to_native(std::get<ipv4_address>(*how.source));
  else
    info.ipi_ifindex = how.interface_index.value_or(0);
  control.add(IPPROTO_IP, IP_PKTINFO, info);
  return {};
}
result<> add_v4_hop_limit(native_control_writer&, int) noexcept {
  return fail(errc::not_supported);  // the kernel passes over what it does not know
}
void add_v4_traffic_class(native_control_writer& control, int value) noexcept {
  control.add(IPPROTO_IP, IP_TOS, value);
}

}  // namespace portsock::platform
