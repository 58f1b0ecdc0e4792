// SPDX-License-Identifier: MIT

// POSIX has no service that pings for a program; its sockets do.

#include <platform/contract.hpp>

namespace portsock::platform {

class echo_service {};

void echo_service_deleter::operator()(echo_service* service) const noexcept { delete service; }

result<std::unique_ptr<echo_service, echo_service_deleter>> open_echo_service(family) noexcept {
  return fail(errc::not_supported);
}
result<> set_hop_limit(echo_service&, int) noexcept { return fail(errc::not_supported); }
result<> bind(echo_service&, const ip_address&) noexcept { return fail(errc::not_supported); }
result<> send(echo_service&, const icmp::echo_request&, const ip_address&) noexcept {
  return fail(errc::not_supported);
}
result<icmp_event> receive(echo_service&, mutable_bytes, deadline) noexcept {
  return fail(errc::not_supported);
}

}  // namespace portsock::platform
