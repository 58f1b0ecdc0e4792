// SPDX-License-Identifier: MIT
#include "echo_answer.hpp"

#include <algorithm>
#include <array>
#include <cstring>

#include <platform/bsd/sockaddr.hpp>

// In this order; their names do not compile in any other.
// clang-format off
#include <iphlpapi.h>
#include <icmpapi.h>
// clang-format on

namespace portsock::platform {
namespace {

// ICMPV6_ECHO_REPLY, which begins with a packed structure and which mingw-w64 10 lacks: a port, a
// flow label, the address and its scope; the status; the round trip; then the payload.
constexpr std::size_t v6_address_at = 6, v6_scope_at = 22, v6_status_at = 28, v6_payload_at = 36;

template <class Value>
Value value_at(const_bytes buffer, std::size_t at) noexcept {
  Value value;
  std::memcpy(&value, buffer.data() + at, sizeof value);
  return value;
}

echo_answer read_v4(mutable_bytes buffer) noexcept {
  if (::IcmpParseReplies(buffer.data(), static_cast<DWORD>(buffer.size())) == 0)
    return {::GetLastError(), {}, {}, {}};
  const auto reply = value_at<ICMP_ECHO_REPLY>(buffer, 0);
  in_addr from{};
  from.s_addr = reply.Address;
  return {reply.Status,
          from_native(from),
          reply.Options.Ttl,
          {static_cast<const std::byte*>(reply.Data), reply.DataSize}};
}

echo_answer read_v6(mutable_bytes buffer, std::size_t payload_size) noexcept {
  if (::Icmp6ParseReplies(buffer.data(), static_cast<DWORD>(buffer.size())) == 0)
    return {::GetLastError(), {}, {}, {}};
  const ipv6_address from{value_at<std::array<std::uint8_t, 16>>(buffer, v6_address_at),
                          value_at<ULONG>(buffer, v6_scope_at)};
  return {
      value_at<ULONG>(buffer, v6_status_at), from, {}, buffer.subspan(v6_payload_at, payload_size)};
}

/// Where an unreachable host is told by codes that differ between the families (RFC 792, RFC 4443).
std::optional<std::uint8_t> unreachable_code(ULONG status, family of) noexcept {
  const bool v4 = of == family::v4;
  switch (status) {
    case IP_DEST_NET_UNREACHABLE:
      return std::uint8_t{0};
    case IP_DEST_HOST_UNREACHABLE:
      return static_cast<std::uint8_t>(v4 ? 1 : 3);
    case IP_DEST_PROT_UNREACHABLE:
      return static_cast<std::uint8_t>(v4 ? 2 : 1);  // or prohibited
    case IP_DEST_PORT_UNREACHABLE:
      return static_cast<std::uint8_t>(v4 ? 3 : 4);
    case IP_DEST_SCOPE_MISMATCH:
      return std::uint8_t{2};
    default:
      return std::nullopt;
  }
}

}  // namespace

std::size_t answer_size(std::size_t payload_size) noexcept {
  // Room for an ICMP error of 8 bytes, and for the status block of a call that does not wait
  // (Microsoft Learn, IcmpSendEcho2).
  constexpr std::size_t status_block = 2 * sizeof(void*);
  return (std::max)(sizeof(ICMP_ECHO_REPLY), v6_payload_at) + payload_size + 8 + status_block;
}

echo_answer read_answer(family of, mutable_bytes buffer, std::size_t payload_size) noexcept {
  return of == family::v4 ? read_v4(buffer) : read_v6(buffer, payload_size);
}

std::optional<icmp::message> message_of(const echo_answer& answer, family of,
                                        const icmp::echo& request,
                                        const ip_address& peer) noexcept {
  const bool v4 = of == family::v4;
  const icmp::quoted original{
      .source = v4 ? ip_address{ipv4_address::any()} : ip_address{ipv6_address::any()},
      .destination = peer,
      .hop_limit = 0,
      .protocol = static_cast<std::uint8_t>(v4 ? IPPROTO_ICMP : IPPROTO_ICMPV6),
      .request = icmp::echo_request{request}};
  if (const auto code = unreachable_code(answer.status, of))
    return icmp::unreachable{*code, 0, original};
  switch (answer.status) {
    case IP_SUCCESS:
      return icmp::echo_reply{request};
    case IP_PACKET_TOO_BIG:
      if (v4) return icmp::unreachable{4, 0, original};
      return icmp::packet_too_big{0, original};
    case IP_TTL_EXPIRED_TRANSIT:
      return icmp::time_exceeded{0, original};
    case IP_TTL_EXPIRED_REASSEM:
      return icmp::time_exceeded{1, original};
    case IP_PARAM_PROBLEM:
      return icmp::parameter_problem{0, 0, original};
    case IP_SOURCE_QUENCH:
      return icmp::other{4, 0};
    default:
      return std::nullopt;
  }
}

error echo_error(ULONG status) noexcept {
  switch (status) {
    case IP_DEST_NET_UNREACHABLE:
    case IP_BAD_DESTINATION:
    case IP_BAD_ROUTE:
    case IP_GENERAL_FAILURE:  // "transmit failed": there is no way out
      return errc::network_unreachable;
    case IP_DEST_HOST_UNREACHABLE:
      return errc::host_unreachable;
    case IP_PACKET_TOO_BIG:
      return errc::message_too_large;
    case IP_NO_RESOURCES:
    case IP_BUF_TOO_SMALL:
      return errc::no_buffer_space;
    case IP_BAD_OPTION:
    case IP_OPTION_TOO_BIG:
      return errc::invalid_argument;
    default:
      // Beyond these, numbers of the API above 11000 would be taken for the resolver's.
      if (status > IP_STATUS_BASE) return errc::other;
      return system_error(static_cast<int>(status));
  }
}

}  // namespace portsock::platform
