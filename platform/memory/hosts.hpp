// SPDX-License-Identifier: MIT
#pragma once

// Hosts, their addresses, and how packets get from one to another.

#include <cstddef>
#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <tuple>
#include <utility>
#include <vector>

#include <portsock/address.hpp>
#include <portsock/error.hpp>
#include <portsock/interfaces.hpp>
#include <portsock/memory.hpp>

#include "world.hpp"

namespace portsock::platform::memory {

using portsock::memory::path;
using portsock::memory::traffic;

struct host_facts {
  std::string name;
  std::vector<network_interface> interfaces;
  std::uint16_t next_port = 0;
  std::uint16_t last_identifier = 0;  ///< of those who ping without rights
};

/// What is said of a packet in its headers, and what it carries.
struct packet {
  ip_address source;
  ip_address destination;
  std::uint8_t protocol = 0;
  std::uint16_t source_port = 0;  ///< of UDP, as the next
  std::uint16_t destination_port = 0;
  std::uint8_t hop_limit = 64;
  std::uint8_t traffic_class = 0;
  bool dont_fragment = false;
  std::vector<std::byte> payload;
  std::uint32_t interface_index = 0;  ///< by which it came
  time_point arrival{};
};
/// Of a host's own interface, and of paths that say nothing else.
inline constexpr std::uint32_t own_mtu = 1500;
/// With its headers.
std::size_t size_of(const packet&) noexcept;
/// What follows the header of IP: the payload, and before it a header of UDP, without a checksum.
std::vector<std::byte> upper_part(const packet&);
/// The other way round, if the payload begins with a header of UDP.
bool take_udp_header(packet&);
const ipv6_address& as_v6(const ip_address&) noexcept;

inline constexpr std::uint8_t icmp_v4 = 1, tcp = 6, udp = 17, icmp_v6 = 58;
inline constexpr std::size_t udp_header_size = 8;
constexpr std::uint8_t icmp_of(family of) noexcept { return of == family::v4 ? icmp_v4 : icmp_v6; }
/// IANA's range of ports that systems give out (RFC 6335).
inline constexpr std::uint16_t first_free_port = 49152;

/// As the system's own backend would say it; the library's word where it has none.
error system_reason(errc) noexcept;
inline std::unexpected<error> refuse(errc reason) noexcept { return fail(system_reason(reason)); }

// --- all under the lock

std::vector<host_facts>& hosts() noexcept;
/// Of one that is gone with its network: those of a host that is alone.
host_facts& facts_of(std::size_t host) noexcept;
/// A host that has a loopback interface and nothing else.
host_facts alone(std::string name);
/// Its interfaces have changed (watches.cpp).
void tell_watches(std::size_t host);
/// The one that this thread is on.
std::size_t& host_here() noexcept;
std::map<std::string, std::vector<ip_address>>& names();
traffic& totals() noexcept;

const network_interface* interface_of(std::size_t host, std::uint32_t index) noexcept;
const network_interface* interface_with(std::size_t host, const ip_address&) noexcept;
bool has_address(std::size_t host, const ip_address&) noexcept;
/// An address that all hosts of a network of this host's hear.
const network_interface* broadcast_interface(std::size_t host, const ip_address&) noexcept;

/// Where packets for the address go to: a host; nothing where they get lost; or
/// errc::network_unreachable, for a host that is alone.
result<std::optional<std::size_t>> route(std::size_t from, const ip_address& to) noexcept;
/// errc::address_not_available where the host has none of the family.
result<ip_address> source_for(std::size_t from, const ip_address& to) noexcept;

/// The default for whom none was told of.
path& path_between(std::size_t from, std::size_t to);
/// As at first: localhost alone.
void forget_network(std::uint64_t seed);

/// Who talks to whom: what happens to one flow's packets does not depend on other flows.
using flow = std::tuple<ip_address, ip_address, std::uint8_t, std::uint16_t, std::uint16_t>;
/// 0 to 1, the flow's next.
double chance(const flow&);
/// Whether a packet that leaves now gets lost; it is counted.
bool gets_lost(const path&, const flow&);
/// When something of that size that leaves now is there.
time_point arrival_over(path&, std::size_t from, std::size_t to, std::size_t size, const flow&);

/// From the host to wherever the packet is for: sockets, and the hosts themselves.
void transmit(std::size_t from, packet);
/// Brings it to the sockets of the host (demultiplex.cpp), which answers what a system answers.
void deliver(std::size_t to, packet);
/// To those of the host's raw sockets that hear it.
void to_raw_sockets(std::size_t host, const packet&);
/// Answers `about`, which has come to the host or router with the address `from`.
void report(std::size_t at, const ip_address& from, std::uint8_t type, std::uint8_t code,
            std::uint32_t info, const packet& about);

}  // namespace portsock::platform::memory
