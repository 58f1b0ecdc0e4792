// SPDX-License-Identifier: MIT
#pragma once

// ICMP messages of both families as values: a codec without sockets, clocks or byte overlays.
// Every function is pure, so any thread may call it at any time.
//
//   if (const auto packet = icmp::encode(icmp::echo_request{{.identifier = 7}}, family::v4, room))
//   … if (const auto message = icmp::decode(received, family::v4)) std::visit(…, *message);

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string_view>
#include <variant>

#include <portsock/address.hpp>
#include <portsock/bytes.hpp>
#include <portsock/ip_header.hpp>

namespace portsock::icmp {

using portsock::checksum;
using portsock::pseudo_header;

/// The identifier says whose echo it is, the sequence number which.
struct echo {
  std::uint16_t identifier = 0;
  std::uint16_t sequence = 0;
  const_bytes payload{};
};

struct echo_request : echo {};
struct echo_reply : echo {};

/// The packet that an error is about, as far as the error quotes it. Whose it was is to be checked
/// against what was sent: anybody can send errors.
struct quoted {
  ip_address source{};
  ip_address destination{};    ///< scope 0: a packet does not carry it
  std::uint8_t hop_limit = 0;  ///< what was left of it where the error arose
  /// The protocol in the packet, behind IPv6 extension headers. The number of the extension header
  /// itself, when the quote ends within one.
  std::uint8_t protocol = 0;
  /// The request, when the packet is an echo request of its own family and enough of it is quoted.
  /// The payload is a front part of what was sent, often an empty one: RFC 792 asks routers to
  /// quote no more than the request's header.
  std::optional<echo_request> request{};
};

/// What the codes mean: RFC 792, 1122, 1812 (IPv4) and 4443 (IPv6), or to_string().
struct unreachable {
  std::uint8_t code = 0;
  /// In bytes: what fits the next link, when that is why (IPv4, code 4). 0: not so, or a router
  /// that does not say (before RFC 1191).
  std::uint32_t mtu = 0;
  quoted original{};
};

/// IPv6's "fragmentation needed".
struct packet_too_big {
  std::uint32_t mtu = 0;  ///< in bytes: what fits the next link
  quoted original{};
};

struct time_exceeded {
  std::uint8_t code = 0;  ///< 0: too many hops; 1: fragments were missing
  quoted original{};
};

struct parameter_problem {
  std::uint8_t code = 0;
  std::uint32_t pointer = 0;  ///< offset in the packet of what is wrong; it may not be quoted
  quoted original{};
};

struct redirect {
  std::uint8_t code = 0;
  ip_address gateway{};  ///< the better first hop, or the destination itself when it is a neighbour
  quoted original{};
};

/// Any other message: well-formed, and not ours to read.
struct other {
  std::uint8_t type = 0;
  std::uint8_t code = 0;
};

using message = std::variant<echo_request, echo_reply, unreachable, packet_too_big, time_exceeded,
                             parameter_problem, redirect, other>;

/// In bytes; an echo's payload comes right behind.
inline constexpr std::size_t header_size = 8;

/// Writes the message to the front of `out` and returns that part, or nothing if it does not fit.
/// The payload is copied and may not overlap `out`.
///
/// The checksum is written for IPv4. For IPv6 it is left zero, because it covers addresses that the
/// system chooses; systems fill it in for raw ICMPv6 sockets (RFC 3542, 3.1). Where one does not:
/// fill_checksum().
constexpr std::optional<const_bytes> encode(const echo_request& request, family,
                                            mutable_bytes out) noexcept;
constexpr std::optional<const_bytes> encode(const echo_reply& reply, family,
                                            mutable_bytes out) noexcept;

/// Writes the checksum into an ICMPv6 message, `packet`: all of it, header_size bytes at least.
constexpr void fill_checksum(mutable_bytes packet, const ipv6_address& source,
                             const ipv6_address& destination) noexcept;

/// Reads one message, or nothing if these bytes are not one. Its spans point into `packet`, which
/// begins with the ICMP header and may come from anywhere: nothing behind its end is read.
///
/// Nothing comes of errors, too, that quote less than an IP header: they concern nobody. An IPv4
/// checksum is verified, as Linux delivers raw packets before it looks. An IPv6 one was verified by
/// the system; elsewhere: checksum(packet, pseudo_header(…)) == 0.
constexpr std::optional<message> decode(const_bytes packet, family) noexcept;

/// What the message says, in English: "echo reply", "destination host unreachable", "time to live
/// exceeded". For a code without words, those of its type.
constexpr std::string_view to_string(const message& which) noexcept;

}  // namespace portsock::icmp

#include <portsock/detail/icmp_codec.hpp>
