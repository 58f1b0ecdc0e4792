// SPDX-License-Identifier: MIT

// ip(4), getsockopt(2). IPv4 has no packet information here, but two reports.

#include "details.hpp"

#include <cstddef>
#include <cstring>
#include <ctime>

#include <net/if.h>
#include <net/if_dl.h>

#include <platform/bsd/destination.hpp>
#include <platform/bsd/sockaddr.hpp>

namespace portsock::platform {
int report_v4_destination(int s, bool on) noexcept {
  if (set_number(s, IPPROTO_IP, IP_RECVIF, on ? 1 : 0) != 0) return -1;
  return set_number(s, IPPROTO_IP, IP_RECVDSTADDR, on ? 1 : 0);
}

int report_arrival(int s, bool on) noexcept {
  if (set_number(s, SOL_SOCKET, SO_TIMESTAMP, on ? 1 : 0) != 0) return -1;
  // In nanoseconds instead of microseconds; asked for after the report itself.
  return on ? set_number(s, SOL_SOCKET, SO_TS_CLOCK, SO_TS_REALTIME) : 0;
}

void read_system_detail(const control_item& item, datagram_details& into) noexcept {
  if (item.level == IPPROTO_IP && item.type == IP_RECVDSTADDR) {
    if (const auto to = item.as<in_addr>()) into.destination = from_native(*to);
  } else if (item.level == IPPROTO_IP && item.type == IP_RECVIF) {
    // The name of the interface follows, as long as it is: only what stands before it is wanted.
    constexpr auto front = offsetof(sockaddr_dl, sdl_index) + sizeof(sockaddr_dl::sdl_index);
    if (item.data.size() < front) return;
    sockaddr_dl link{};
    std::memcpy(&link, item.data.data(), front);
    into.interface_index = link.sdl_index;
  } else if (item.level == SOL_SOCKET && item.type == SCM_REALTIME) {
    if (const auto at = item.as<timespec>())
      into.arrival.emplace(std::chrono::seconds{at->tv_sec} +
                           std::chrono::nanoseconds{at->tv_nsec});
  }
}

result<> add_v4_source(native_handle s, native_control_writer& control,
                       const send_details& how) noexcept {
  if (how.interface_index.value_or(0) != 0) return fail(errc::not_supported);
  // A socket that has an address may not be told of any, not even of the same.
  const auto here = local_endpoint(s);
  if (how.source && !(here && here->address == *how.source))
    control.add(IPPROTO_IP, IP_SENDSRCADDR, to_native(std::get<ipv4_address>(*how.source)));
  return {};
}
// Releases that do not take it say ENOPROTOOPT.
result<> add_v4_hop_limit(native_control_writer& control, int hops) noexcept {
  control.add(IPPROTO_IP, IP_TTL, static_cast<unsigned char>(hops));
  return {};
}
void add_v4_traffic_class(native_control_writer& control, int value) noexcept {
  control.add(IPPROTO_IP, IP_TOS, static_cast<unsigned char>(value));
}

}  // namespace portsock::platform
