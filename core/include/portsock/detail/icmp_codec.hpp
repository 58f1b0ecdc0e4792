// SPDX-License-Identifier: MIT
#pragma once

// The bodies of icmp.hpp. Every function that reads checks the size first; what it passes on is a
// span that ends where the packet ends.

#include <algorithm>
#include <cassert>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string_view>
#include <variant>

#include <portsock/icmp.hpp>

namespace portsock::detail {

// The number of a message's type in each family: RFC 792, RFC 4443, RFC 4861.
struct icmp_type {
  std::uint8_t v4;
  std::uint8_t v6;

  constexpr std::uint8_t in(family version) const noexcept {
    return version == family::v4 ? v4 : v6;
  }
};
inline constexpr icmp_type echo_request_type{8, 128};
inline constexpr icmp_type echo_reply_type{0, 129};
inline constexpr icmp_type unreachable_type{3, 1};
inline constexpr icmp_type time_exceeded_type{11, 3};
inline constexpr icmp_type parameter_problem_type{12, 4};
inline constexpr icmp_type redirect_type{5, 137};
inline constexpr std::uint8_t packet_too_big_type_v6 = 2;

inline constexpr std::uint8_t fragmentation_needed_v4 = 4;  // a code of unreachable_type
inline constexpr std::uint8_t redirected_header_v6 = 4;     // an option of redirect_type

constexpr icmp::echo read_echo(const_bytes message) noexcept {
  return {read_16(message, 4), read_16(message, 6), message.subspan(icmp::header_size)};
}

constexpr std::optional<const_bytes> encode_echo(const icmp::echo& echo, icmp_type type,
                                                 family version, mutable_bytes out) noexcept {
  if (out.size() < icmp::header_size) return std::nullopt;
  if (out.size() - icmp::header_size < echo.payload.size()) return std::nullopt;

  const mutable_bytes written = out.first(icmp::header_size + echo.payload.size());
  write_8(written, 0, type.in(version));
  write_8(written, 1, 0);
  write_16(written, 2, 0);
  write_16(written, 4, echo.identifier);
  write_16(written, 6, echo.sequence);
  std::ranges::copy(echo.payload, written.subspan(icmp::header_size).begin());
  if (version == family::v4) write_16(written, 2, checksum(written));
  return written;
}

/// A quote may be padded, so no more of it than the packet's own header says. A length that cannot
/// be is ignored; and macOS swaps the bytes of IPv4's, which, when it then happens to look like
/// one, only makes the payload a shorter front part.
constexpr const_bytes without_padding(const_bytes quote, std::size_t length,
                                      std::size_t ip_header_size) noexcept {
  return ip_header_size + icmp::header_size <= length && length < quote.size() ? quote.first(length)
                                                                               : quote;
}

constexpr std::optional<icmp::echo_request> read_quoted_request(const_bytes payload,
                                                                std::uint8_t type) noexcept {
  if (payload.size() < icmp::header_size) return std::nullopt;
  if (read_8(payload, 0) != type || read_8(payload, 1) != 0) return std::nullopt;
  return icmp::echo_request{read_echo(payload)};
}

constexpr std::optional<icmp::quoted> read_quoted_v4(const_bytes quote) noexcept {
  const auto header = decode_ipv4_header(quote);
  if (!header) return std::nullopt;

  icmp::quoted original{header->source, header->destination, header->hop_limit, header->protocol,
                        std::nullopt};
  if (header->protocol == icmp_protocol && header->fragment_offset == 0) {
    const const_bytes packet = without_padding(quote, header->total_length, header->header_size);
    original.request =
        read_quoted_request(packet.subspan(header->header_size), echo_request_type.v4);
  }
  return original;
}

constexpr std::optional<icmp::quoted> read_quoted_v6(const_bytes quote) noexcept {
  constexpr std::size_t ipv6_header_size = 40;
  if (quote.size() < ipv6_header_size || read_8(quote, 0) >> 4 != 6) return std::nullopt;

  const const_bytes packet =
      without_padding(quote, ipv6_header_size + read_16(quote, 4), ipv6_header_size);
  const auto upper = skip_extensions(read_8(packet, 6), packet.subspan(ipv6_header_size));
  icmp::quoted original{read_address<ipv6_address>(quote, 8), read_address<ipv6_address>(quote, 24),
                        read_8(quote, 7), upper.protocol, std::nullopt};
  if (upper.protocol == icmp_v6_protocol)
    original.request = read_quoted_request(upper.payload, echo_request_type.v6);
  return original;
}

/// What an error quotes, up to the extensions that may follow it: the length of the quote is then
/// told, in words of 4 or 8 bytes (RFC 4884, 5). Less than 128 bytes are not followed by any: that
/// is a router which left the field in disorder.
constexpr const_bytes without_extensions(const_bytes packet, family version) noexcept {
  const const_bytes quote = packet.subspan(icmp::header_size);
  const std::size_t size = version == family::v4 ? read_8(packet, 5) * std::size_t{4}
                                                 : read_8(packet, 4) * std::size_t{8};
  return 128 <= size && size < quote.size() ? quote.first(size) : quote;
}

template <class Error>
constexpr std::optional<icmp::message> about(const_bytes quote, family version,
                                             Error error) noexcept {
  const auto original = version == family::v4 ? read_quoted_v4(quote) : read_quoted_v6(quote);
  if (!original) return std::nullopt;
  error.original = *original;
  return error;
}

/// The quote of an ICMPv6 redirect is one of its options (RFC 4861, 4.6.3), and may be absent.
constexpr std::optional<icmp::message> read_redirect_v6(const_bytes packet) noexcept {
  constexpr std::size_t fixed_part = 40;
  if (packet.size() < fixed_part) return std::nullopt;
  const icmp::redirect error{.code = read_8(packet, 1),
                             .gateway = read_address<ipv6_address>(packet, 8)};
  for (auto rest = packet.subspan(fixed_part); rest.size() >= 8;) {
    const std::size_t size = read_8(rest, 1) * std::size_t{8};
    if (size == 0 || rest.size() < size) return std::nullopt;
    if (read_8(rest, 0) == redirected_header_v6)
      return about(rest.first(size).subspan(8), family::v6, error);
    rest = rest.subspan(size);
  }
  return icmp::other{redirect_type.v6, error.code};
}

/// macOS swaps the bytes of the quoted packet's length (XNU, icmp_input) after it has verified the
/// checksum and before raw sockets see the message. So either order will do.
constexpr bool is_intact_v4(const_bytes packet) noexcept {
  if (checksum(packet) == 0) return true;
  const std::uint8_t type = read_8(packet, 0);
  if (type != unreachable_type.v4 && type != time_exceeded_type.v4 &&
      type != parameter_problem_type.v4)
    return false;
  constexpr std::size_t length_at = icmp::header_size + 2;
  if (packet.size() < length_at + 2) return false;
  const std::uint16_t as_is = read_16(packet, length_at);
  const auto as_sent = static_cast<std::uint16_t>(as_is << 8 | as_is >> 8);
  const auto minus_as_is = static_cast<std::uint16_t>(~as_is);  // ones' complement
  return checksum(packet, std::uint32_t{as_sent} + minus_as_is) == 0;
}

constexpr std::optional<icmp::message> read_message(const_bytes packet, family version) noexcept {
  const std::uint8_t type = read_8(packet, 0);
  const std::uint8_t code = read_8(packet, 1);
  const bool v4 = version == family::v4;
  const const_bytes quote = packet.subspan(icmp::header_size);

  if (type == echo_request_type.in(version) && code == 0)
    return icmp::echo_request{read_echo(packet)};
  if (type == echo_reply_type.in(version) && code == 0) return icmp::echo_reply{read_echo(packet)};
  if (type == unreachable_type.in(version)) {
    icmp::unreachable error{.code = code};
    if (v4 && code == fragmentation_needed_v4) error.mtu = read_16(packet, 6);
    return about(without_extensions(packet, version), version, error);
  }
  if (type == time_exceeded_type.in(version))
    return about(without_extensions(packet, version), version, icmp::time_exceeded{.code = code});
  if (type == parameter_problem_type.in(version))
    return about(v4 ? without_extensions(packet, version) : quote, version,
                 icmp::parameter_problem{.code = code,
                                         .pointer = v4 ? read_8(packet, 4) : read_32(packet, 4)});
  if (v4 && type == redirect_type.v4)
    return about(quote, version,
                 icmp::redirect{.code = code, .gateway = read_address<ipv4_address>(packet, 4)});
  if (!v4 && type == redirect_type.v6) return read_redirect_v6(packet);
  if (!v4 && type == packet_too_big_type_v6)
    return about(quote, version, icmp::packet_too_big{.mtu = read_32(packet, 4)});
  return icmp::other{type, code};
}

// What the codes say: RFC 792, 1122 (3.2.2.1) and 1812 (5.2.7.1); RFC 4443 and its successors.
inline constexpr std::string_view unreachable_words_v4[] = {
    "destination network unreachable",
    "destination host unreachable",
    "destination protocol unreachable",
    "destination port unreachable",
    "fragmentation needed",
    "source route failed",
    "destination network unknown",
    "destination host unknown",
    "source host isolated",
    "destination network administratively prohibited",
    "destination host administratively prohibited",
    "destination network unreachable for this type of service",
    "destination host unreachable for this type of service",
    "communication administratively prohibited",
    "host precedence violation",
    "precedence cutoff in effect",
};
inline constexpr std::string_view unreachable_words_v6[] = {
    "no route to destination",        "communication administratively prohibited",
    "beyond scope of source address", "destination address unreachable",
    "destination port unreachable",   "source address failed ingress/egress policy",
    "reject route to destination",    "error in source routing header",
};
inline constexpr std::string_view time_exceeded_words_v4[] = {"time to live exceeded",
                                                              "fragment reassembly time exceeded"};
inline constexpr std::string_view time_exceeded_words_v6[] = {"hop limit exceeded",
                                                              "fragment reassembly time exceeded"};
inline constexpr std::string_view parameter_problem_words_v4[] = {
    "erroneous header field", "required option missing", "bad length"};
inline constexpr std::string_view parameter_problem_words_v6[] = {
    "erroneous header field",
    "unrecognized next header",
    "unrecognized IPv6 option",
    "incomplete header chain in first fragment",
};
inline constexpr std::string_view redirect_words_v4[] = {
    "redirect for network",
    "redirect for host",
    "redirect for type of service and network",
    "redirect for type of service and host",
};

struct icmp_words {
  using words = std::span<const std::string_view>;

  template <class Error>
  static constexpr std::string_view pick(const Error& error, words v4, words v6,
                                         std::string_view otherwise) noexcept {
    const words known = family_of(error.original.source) == family::v4 ? v4 : v6;
    return error.code < known.size() ? known[error.code] : otherwise;
  }

  constexpr std::string_view operator()(const icmp::echo_request&) const { return "echo request"; }
  constexpr std::string_view operator()(const icmp::echo_reply&) const { return "echo reply"; }
  constexpr std::string_view operator()(const icmp::unreachable& error) const {
    return pick(error, unreachable_words_v4, unreachable_words_v6, "destination unreachable");
  }
  constexpr std::string_view operator()(const icmp::packet_too_big&) const {
    return "packet too big";
  }
  constexpr std::string_view operator()(const icmp::time_exceeded& error) const {
    return pick(error, time_exceeded_words_v4, time_exceeded_words_v6, "time exceeded");
  }
  constexpr std::string_view operator()(const icmp::parameter_problem& error) const {
    return pick(error, parameter_problem_words_v4, parameter_problem_words_v6, "parameter problem");
  }
  constexpr std::string_view operator()(const icmp::redirect& error) const {
    return pick(error, redirect_words_v4, {}, "redirect");
  }
  constexpr std::string_view operator()(const icmp::other&) const { return "other message"; }
};

}  // namespace portsock::detail

namespace portsock::icmp {

constexpr std::optional<const_bytes> encode(const echo_request& request, family version,
                                            mutable_bytes out) noexcept {
  return detail::encode_echo(request, detail::echo_request_type, version, out);
}

constexpr std::optional<const_bytes> encode(const echo_reply& reply, family version,
                                            mutable_bytes out) noexcept {
  return detail::encode_echo(reply, detail::echo_reply_type, version, out);
}

constexpr void fill_checksum(mutable_bytes packet, const ipv6_address& source,
                             const ipv6_address& destination) noexcept {
  assert(packet.size() >= header_size);
  detail::write_16(packet, 2, 0);
  detail::write_16(
      packet, 2,
      checksum(packet, pseudo_header(source, destination, static_cast<std::uint32_t>(packet.size()),
                                     detail::icmp_v6_protocol)));
}

constexpr std::optional<message> decode(const_bytes packet, family version) noexcept {
  if (packet.size() < header_size) return std::nullopt;
  if (version == family::v4 && !detail::is_intact_v4(packet)) return std::nullopt;
  return detail::read_message(packet, version);
}

constexpr std::string_view to_string(const message& which) noexcept {
  return std::visit(detail::icmp_words{}, which);
}

}  // namespace portsock::icmp
