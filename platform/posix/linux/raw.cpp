// SPDX-License-Identifier: MIT

// What Linux does with ICMP: a filter before packets are copied, and sockets for everybody in
// ping_group_range (icmp(7), raw(7)).

#include "icmp.hpp"

#include <linux/icmp.h>

#include <platform/bsd/sockaddr.hpp>
#include <platform/contract.hpp>

namespace portsock::platform {
namespace {

// linux/icmpv6.h has them and cannot be included beside netinet/in.h.
constexpr int icmp6_filter = 1;
constexpr int v6_packet_types[] = {1, 2, 3, 4, 129};  // the errors of RFC 4443, and the echo reply

}  // namespace

void filter_echo(native_handle s, family of) noexcept {
  if (of == family::v4) {
    // A set bit keeps a type out.
    constexpr std::uint32_t wanted = 1u << ICMP_ECHOREPLY | 1u << ICMP_DEST_UNREACH |
                                     1u << ICMP_REDIRECT | 1u << ICMP_TIME_EXCEEDED |
                                     1u << ICMP_PARAMETERPROB;
    const icmp_filter filter{~wanted};
    ::setsockopt(descriptor(s), SOL_RAW, ICMP_FILTER, &filter, sizeof filter);
    return;
  }
  std::array<std::uint32_t, 8> blocked;
  blocked.fill(~0u);
  for (const int type : v6_packet_types)
    blocked[static_cast<std::size_t>(type / 32)] &= ~(1u << (type % 32));
  ::setsockopt(descriptor(s), IPPROTO_ICMPV6, icmp6_filter, blocked.data(), sizeof blocked);
}

result<unique_handle> open_icmp_datagram(family of) noexcept {
  auto made =
      open(of, kind::datagram,
           static_cast<std::uint8_t>(of == family::v4 ? protocol::icmp : protocol::icmp_v6));
  if (!made) return made.failure();
  report_hop_limit(made->get(), of);
  return made;
}

std::optional<std::uint16_t> icmp_datagram_identifier(native_handle s) noexcept {
  // The kernel keeps it where a socket's port is; 0 until the first request chose one.
  const auto name = local_endpoint(s);
  if (!name || name->port == 0) return std::nullopt;
  return name->port;
}

std::string_view icmp_access_hint() noexcept {
  return "run it as root, or allow it once, as root: setcap cap_net_raw+ep on the program, or "
         "sysctl net.ipv4.ping_group_range=\"0 2147483647\" for everybody";
}

}  // namespace portsock::platform
