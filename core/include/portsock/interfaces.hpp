// SPDX-License-Identifier: MIT
#pragma once

// The host's network interfaces.

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include <portsock/address.hpp>
#include <portsock/error.hpp>

namespace portsock {

struct interface_address {
  ip_address address;
  std::uint8_t prefix_length = 0;  ///< bits of the address that name the network
};

struct network_interface {
  std::uint32_t index = 0;  ///< what options and zone ids name it by
  std::string name;         ///< "eth0"; "ethernet_32768" under Windows
  std::string
      friendly_name;  ///< what a user sees: "Ethernet 2" under Windows, else the name; UTF-8
  bool up = false;
  bool loopback = false;
  bool point_to_point = false;
  bool broadcast = false;
  bool multicast = false;
  std::uint32_t mtu = 0;  ///< bytes of the largest packet; 0 when the system does not tell
  std::vector<interface_address> addresses;
};

/// All interfaces, by index. Errors: errc::no_memory, too_many_sockets. Safe on any thread.
result<std::vector<network_interface>> interfaces();
/// By name or by friendly name. Errors: errc::address_not_available when there is none.
result<std::uint32_t> interface_index(std::string_view name);

}  // namespace portsock
