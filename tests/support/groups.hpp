// SPDX-License-Identifier: MIT
#pragma once

// A place for multicast tests: an interface on which a host hears itself, while nothing leaves it.

#include <cstdint>
#include <optional>
#include <vector>

#include <portsock/datagram_socket.hpp>
#include <portsock/interfaces.hpp>

namespace portsock::tests {

struct venue {
  std::uint32_t index = 0;  ///< of the interface
  ip_address home;          ///< an address of it
};

/// Group `number` of those that stay on an interface or within an organisation (RFC 4291, RFC
/// 2365).
ip_address group(family, std::uint8_t number);
/// A socket at the venue whose datagrams to groups stay on this host, and come back to it.
datagram_socket multicast_sender(const venue&);
/// Whether a socket that is bound to this address of an interface, as Windows' receivers of one
/// interface are, hears the groups that it joins there. In Wine not on
/// loopback, nor those of IPv6.
bool hears_groups_at(const ip_address& home);
/// The first interface, loopback before others, that can be chosen to send by and where a group of
/// this family can be heard.
std::optional<venue> find_venue(family);

}  // namespace portsock::tests
