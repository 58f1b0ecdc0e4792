// SPDX-License-Identifier: MIT

// What hosts and routers tell a sender of a packet that did not get where it was to.

#include <algorithm>

#include <portsock/icmp.hpp>

#include "ports.hpp"

namespace portsock::platform::memory {
namespace {

constexpr std::uint8_t unreachable(family of) noexcept { return of == family::v4 ? 3 : 1; }
constexpr std::uint8_t v6_too_big = 2;

/// What an error says to the sender of a datagram, if it is one that a socket is told.
std::optional<errc> meaning_of(family of, int type, int code) noexcept {
  if (of == family::v6 && type == v6_too_big) return errc::message_too_large;
  if (type != unreachable(of)) return std::nullopt;
  if (code == (of == family::v4 ? 3 : 4)) return errc::connection_refused;
  if (of == family::v4 && code == 4) return errc::message_too_large;
  return errc::host_unreachable;
}

/// An ICMP error about a datagram is the affair of the socket that sent it.
void to_sender(std::size_t host, const packet& what, const packet& about) {
  const auto meaning =
      meaning_of(family_of(what.destination), std::to_integer<int>(what.payload[0]),
                 std::to_integer<int>(what.payload[1]));
  if (!meaning || about.protocol != udp) return;
  each_bound(host, udp, about.source_port, [&](socket_object& each) {
    auto& one = dynamic_cast<packet_socket&>(each);
    if (!one.reports_unreachable || one.peer != endpoint{about.destination, about.destination_port})
      return;
    one.pending = system_reason(*meaning);
    changed();
  });
}

/// The front part of a packet, with its headers, as errors quote it.
std::vector<std::byte> quote(const packet& about) {
  constexpr std::size_t most = 548;  // RFC 1812, 4.3.2.3: 576 bytes with the error's own headers
  auto upper = upper_part(about);

  std::vector<std::byte> quoted;
  if (const auto* source = std::get_if<ipv4_address>(&about.source)) {
    quoted.resize(ipv4_header::smallest);
    ipv4_header header;
    header.traffic_class = about.traffic_class;
    header.total_length = static_cast<std::uint16_t>(quoted.size() + upper.size());
    header.dont_fragment = about.dont_fragment;
    header.hop_limit = about.hop_limit;
    header.protocol = about.protocol;
    header.source = *source;
    header.destination = std::get<ipv4_address>(about.destination);
    static_cast<void>(encode_ipv4_header(header, quoted));
  } else {
    quoted.resize(40);
    detail::write_8(quoted, 0, static_cast<std::uint8_t>(0x60 | about.traffic_class >> 4));
    detail::write_8(quoted, 1, static_cast<std::uint8_t>(about.traffic_class << 4 & 0xf0));
    detail::write_16(quoted, 4, static_cast<std::uint16_t>(upper.size()));
    detail::write_8(quoted, 6, about.protocol);
    detail::write_8(quoted, 7, about.hop_limit);
    detail::write_address(quoted, 8, as_v6(about.source));
    detail::write_address(quoted, 24, as_v6(about.destination));
  }
  upper.resize((std::min)(upper.size(), most - quoted.size()));
  quoted.insert(quoted.end(), upper.begin(), upper.end());
  return quoted;
}

}  // namespace

void report(std::size_t at, const ip_address& from, std::uint8_t type, std::uint8_t code,
            std::uint32_t info, const packet& about) {
  const auto of = family_of(about.source);
  if (family_of(from) != of) return;  // a router that has no address to tell it from
  // No errors about what was for many (RFC 1122, 3.2.2), but that it is too long for the path of
  // IPv6 (RFC 4443, 2.4 e), nor about errors.
  const bool tells_mtu = of == family::v6 && type == v6_too_big;
  if (is_multicast(about.destination) && !tells_mtu) return;
  if (broadcast_interface(at, about.destination) != nullptr) return;
  if (about.protocol == icmp_of(of)) {
    const auto message = icmp::decode(about.payload, of);
    if (message && !std::holds_alternative<icmp::echo_request>(*message) &&
        !std::holds_alternative<icmp::echo_reply>(*message))
      return;
  }
  if (!has_address(at, about.source)) {  // the host has moved meanwhile
    ++totals().lost;
    return;
  }
  packet error;
  error.source = from;
  error.destination = about.source;
  error.protocol = icmp_of(of);
  error.payload = {std::byte{type}, std::byte{code}};
  error.payload.resize(icmp::header_size);
  detail::write_16(error.payload, 4, static_cast<std::uint16_t>(info >> 16));
  detail::write_16(error.payload, 6, static_cast<std::uint16_t>(info & 0xffff));
  const auto quoted = quote(about);
  error.payload.insert(error.payload.end(), quoted.begin(), quoted.end());
  if (of == family::v6)
    icmp::fill_checksum(error.payload, as_v6(error.source), as_v6(error.destination));
  else
    detail::write_16(error.payload, 2, checksum(error.payload));

  const auto* by = interface_with(at, error.destination);
  error.interface_index = by != nullptr ? by->index : 1;
  error.arrival = moment();
  to_raw_sockets(at, error);
  to_sender(at, error, about);
}

}  // namespace portsock::platform::memory
