// SPDX-License-Identifier: MIT
#pragma once

// Where a datagram was sent to, out of what a system says.

#include <cstdint>

#include <portsock/address.hpp>
#include <portsock/datagram_details.hpp>

namespace portsock::platform {

/// An IPv4-mapped destination is IPv4's; a link-local one belongs to the link by which it came.
inline void take_destination(const ip_address& to, std::uint32_t interface_index,
                             datagram_details& into) noexcept {
  auto destination = unmapped(to);
  if (auto* v6 = std::get_if<ipv6_address>(&destination); v6 != nullptr && is_link_local(*v6))
    v6->scope = interface_index;
  into.destination = destination;
  into.interface_index = interface_index;
}

}  // namespace portsock::platform
