// SPDX-License-Identifier: MIT
#pragma once

// The IPv4 header as raw sockets meet it, and the checksum that the Internet protocols share.
// Every function is pure, so any thread may call it at any time.

#include <cstddef>
#include <cstdint>
#include <optional>

#include <portsock/address.hpp>
#include <portsock/bytes.hpp>

namespace portsock {

/// The Internet checksum (RFC 1071) of data of any length. Over data that contains its own checksum
/// it is 0 when nothing was damaged. `sum` carries in what is summed but not sent: pseudo_header().
constexpr std::uint16_t checksum(const_bytes data, std::uint32_t sum = 0) noexcept;

/// The sum of the IPv6 pseudo-header (RFC 8200, 8.1), for checksum(). `length` is that of the
/// upper-layer packet in bytes, its header included; `next_header` its protocol number.
constexpr std::uint32_t pseudo_header(const ipv6_address& source, const ipv6_address& destination,
                                      std::uint32_t length, std::uint8_t next_header) noexcept;

/// An IPv4 header (RFC 791, 3.1), its options left aside.
struct ipv4_header {
  static constexpr std::size_t smallest = 20;

  std::size_t header_size = smallest;  ///< in bytes, options included: the payload's offset
  std::uint8_t traffic_class = 0;      ///< DSCP and ECN bits, "type of service" once
  std::uint16_t total_length = 0;      ///< in bytes, header and payload
  std::uint16_t identification = 0;
  bool dont_fragment = false;
  bool more_fragments = false;
  std::uint16_t fragment_offset = 0;  ///< in bytes, a multiple of 8
  std::uint8_t hop_limit = 64;
  std::uint8_t protocol = 0;
  ipv4_address source{};
  ipv4_address destination{};
};

/// Reads the header at the front of `packet`, or nothing if these bytes are not a whole one.
///
/// The payload is packet.subspan(header_size). Go by the size that was received, never by
/// total_length: macOS hands it to raw sockets in host byte order and less the header's size, and
/// the fragment fields in host byte order too. The checksum is not looked at: systems verify it
/// before they deliver, and in an ICMP error's quote it no longer holds.
constexpr std::optional<ipv4_header> decode_ipv4_header(const_bytes packet) noexcept;

/// Writes `header` and its checksum to the front of `out`, for sockets whose caller writes the
/// header (raw_options::header_included), and returns that part. Nothing if it does not fit, or
/// cannot be written: options (header_size is not 20), or a fragment offset that is no multiple
/// of 8.
constexpr std::optional<const_bytes> encode_ipv4_header(const ipv4_header& header,
                                                        mutable_bytes out) noexcept;

namespace detail {

// Network byte order by shifts: no overlay, no alignment, no question which end this machine has.
// The bytes must be there; callers have looked.

constexpr std::uint8_t read_8(const_bytes bytes, std::size_t at) noexcept {
  return std::to_integer<std::uint8_t>(bytes[at]);
}

constexpr std::uint16_t read_16(const_bytes bytes, std::size_t at) noexcept {
  return static_cast<std::uint16_t>(read_8(bytes, at) << 8 | read_8(bytes, at + 1));
}

constexpr std::uint32_t read_32(const_bytes bytes, std::size_t at) noexcept {
  return std::uint32_t{read_16(bytes, at)} << 16 | read_16(bytes, at + 2);
}

template <class Address>
constexpr Address read_address(const_bytes bytes, std::size_t at) noexcept {
  Address address;
  for (auto& byte : address.bytes) byte = read_8(bytes, at++);
  return address;
}

constexpr void write_8(mutable_bytes bytes, std::size_t at, std::uint8_t value) noexcept {
  bytes[at] = std::byte{value};
}

constexpr void write_16(mutable_bytes bytes, std::size_t at, std::uint16_t value) noexcept {
  write_8(bytes, at, static_cast<std::uint8_t>(value >> 8));
  write_8(bytes, at + 1, static_cast<std::uint8_t>(value & 0xff));
}

template <class Address>
constexpr void write_address(mutable_bytes bytes, std::size_t at, const Address& address) noexcept {
  for (const auto byte : address.bytes) write_8(bytes, at++, byte);
}

// Bits of the 16 that hold the flags and, in units of 8 bytes, the fragment offset.
inline constexpr std::uint16_t dont_fragment_bit = 0x4000;
inline constexpr std::uint16_t more_fragments_bit = 0x2000;
inline constexpr std::uint16_t fragment_offset_bits = 0x1fff;

// What an IPv4 or IPv6 header says comes next: IANA's protocol numbers.
enum next_header : std::uint8_t {
  hop_by_hop_options = 0,
  icmp_protocol = 1,
  routing_header = 43,
  fragment_header = 44,
  icmp_v6_protocol = 58,
  destination_options = 60,
};

/// What an IPv6 packet carries behind its extension headers (RFC 8200, 4).
struct upper_layer {
  std::uint8_t protocol;
  const_bytes payload;  ///< empty when the bytes end before it, or are a later fragment
};

/// Each turn takes at least 8 bytes off, so any content comes to its end.
constexpr upper_layer skip_extensions(std::uint8_t next, const_bytes rest) noexcept {
  while (next == hop_by_hop_options || next == routing_header || next == fragment_header ||
         next == destination_options) {
    if (rest.size() < 8) return {next, {}};
    const bool is_fragment = next == fragment_header;
    const std::size_t size = is_fragment ? 8 : (read_8(rest, 1) + std::size_t{1}) * 8;
    if (rest.size() < size) return {next, {}};
    next = read_8(rest, 0);
    if (is_fragment && read_16(rest, 2) >> 3 != 0) return {next, {}};  // an offset: not the first
    rest = rest.subspan(size);
  }
  return {next, rest};
}

}  // namespace detail

constexpr std::uint16_t checksum(const_bytes data, std::uint32_t sum) noexcept {
  std::uint64_t total = sum;  // as wide as it is, no data in memory overflows it
  const std::size_t even = data.size() - data.size() % 2;
  for (std::size_t at = 0; at != even; at += 2) total += detail::read_16(data, at);
  if (even != data.size()) total += std::uint64_t{detail::read_8(data, even)} << 8;
  while (total > 0xffff) total = (total & 0xffff) + (total >> 16);
  return static_cast<std::uint16_t>(~total & 0xffff);
}

constexpr std::uint32_t pseudo_header(const ipv6_address& source, const ipv6_address& destination,
                                      std::uint32_t length, std::uint8_t next_header) noexcept {
  std::uint32_t sum = (length >> 16) + (length & 0xffff) + next_header;
  for (std::size_t at = 0; at != source.bytes.size(); at += 2) {
    sum += std::uint32_t{source.bytes[at]} << 8 | source.bytes[at + 1];
    sum += std::uint32_t{destination.bytes[at]} << 8 | destination.bytes[at + 1];
  }
  return sum;
}

constexpr std::optional<ipv4_header> decode_ipv4_header(const_bytes packet) noexcept {
  if (packet.size() < ipv4_header::smallest) return std::nullopt;
  const std::uint8_t version = detail::read_8(packet, 0) >> 4;
  const std::size_t header_size = (detail::read_8(packet, 0) & 0x0f) * std::size_t{4};
  if (version != 4 || header_size < ipv4_header::smallest) return std::nullopt;
  if (packet.size() < header_size) return std::nullopt;

  const std::uint16_t fragment = detail::read_16(packet, 6);
  ipv4_header header;
  header.header_size = header_size;
  header.traffic_class = detail::read_8(packet, 1);
  header.total_length = detail::read_16(packet, 2);
  header.identification = detail::read_16(packet, 4);
  header.dont_fragment = (fragment & detail::dont_fragment_bit) != 0;
  header.more_fragments = (fragment & detail::more_fragments_bit) != 0;
  header.fragment_offset =
      static_cast<std::uint16_t>((fragment & detail::fragment_offset_bits) * 8);
  header.hop_limit = detail::read_8(packet, 8);
  header.protocol = detail::read_8(packet, 9);
  header.source = detail::read_address<ipv4_address>(packet, 12);
  header.destination = detail::read_address<ipv4_address>(packet, 16);
  return header;
}

constexpr std::optional<const_bytes> encode_ipv4_header(const ipv4_header& header,
                                                        mutable_bytes out) noexcept {
  if (header.header_size != ipv4_header::smallest || out.size() < header.header_size)
    return std::nullopt;
  if (header.fragment_offset % 8 != 0) return std::nullopt;

  const mutable_bytes written = out.first(ipv4_header::smallest);
  const int fragment = header.fragment_offset / 8 |
                       (header.dont_fragment ? detail::dont_fragment_bit : 0) |
                       (header.more_fragments ? detail::more_fragments_bit : 0);
  detail::write_8(written, 0, 0x45);  // version 4, five words of header
  detail::write_8(written, 1, header.traffic_class);
  detail::write_16(written, 2, header.total_length);
  detail::write_16(written, 4, header.identification);
  detail::write_16(written, 6, static_cast<std::uint16_t>(fragment));
  detail::write_8(written, 8, header.hop_limit);
  detail::write_8(written, 9, header.protocol);
  detail::write_16(written, 10, 0);
  detail::write_address(written, 12, header.source);
  detail::write_address(written, 16, header.destination);
  detail::write_16(written, 10, checksum(written));
  return written;
}

}  // namespace portsock
