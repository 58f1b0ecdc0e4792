// SPDX-License-Identifier: MIT

// What macOS does with ICMP: datagram sockets for everybody, which keep the identifier and deliver
// the IPv4 header as raw sockets do.

#include "icmp.hpp"

#include <platform/contract.hpp>

namespace portsock::platform {

void filter_echo(native_handle, family) noexcept {
  // The kernel keeps requests to itself; what else arrives, the caller sorts.
}

void filter_identifier(native_handle, family, std::uint16_t) noexcept {
  // BSD filters are for devices (bpf(4)), not for sockets.
}

result<> allow_flow_label(native_handle, std::uint32_t) noexcept {
  // The kernel draws its own (net.inet6.ip6.auto_flowlabel, ip6(4)).
  return fail(errc::not_supported);
}

result<unique_handle> open_icmp_datagram(family of) noexcept {
  auto made =
      open(of, kind::datagram,
           static_cast<std::uint8_t>(of == family::v4 ? protocol::icmp : protocol::icmp_v6));
  if (made && of == family::v6) static_cast<void>(report_hop_limit(made->get(), of));
  return made;
}

std::optional<std::uint16_t> icmp_datagram_identifier(native_handle) noexcept {
  return std::nullopt;
}

std::string_view icmp_access_hint() noexcept {
  return "run it as root; or, if a sandbox forbids ICMP datagram sockets, outside of it";
}

}  // namespace portsock::platform
