// SPDX-License-Identifier: MIT
#pragma once

// Raw sockets: one protocol right above IP.

#include <cstddef>
#include <cstdint>
#include <optional>

#include <portsock/basic_socket.hpp>
#include <portsock/bytes.hpp>
#include <portsock/deadline.hpp>

namespace portsock {

/// IP protocol numbers (IANA); any other is `protocol{number}`.
enum class protocol : std::uint8_t { icmp = 1, igmp = 2, tcp = 6, udp = 17, icmp_v6 = 58 };

struct raw_options {
  /// The caller writes the IPv4 header too (ip_header.hpp), in network byte order on every system;
  /// the system fills in the checksum, and what the system's manual says besides. IPv4 alone.
  bool header_included = false;
};

/// One packet as it arrived.
struct raw_received {
  ip_address from;
  std::size_t size = 0;                   ///< bytes of payload written to the buffer
  bool truncated = false;                 ///< the payload was longer, and its rest is lost
  std::optional<std::uint8_t> hop_limit;  ///< what was left of the packet's TTL, when told
};

/// Raw IP packets of one protocol. Most systems want an administrator for this.
///
/// Systems differ in what a raw ICMP socket hears: Linux delivers also the requests that this host
/// sends to itself, BSD and Windows keep requests to themselves. So look at the type, the
/// identifier and the payload of what arrives.
class raw_socket : public basic_socket<kind::raw> {
 public:
  /// Takes over a raw socket as it is. adopt() checks and prepares it first.
  explicit raw_socket(unique_handle handle, raw_options how = {}) noexcept
      : basic_socket{std::move(handle)}, how_{how} {}

  /// Errors: errc::access_denied without the right, not_supported, protocol_not_supported (and
  /// protocol::tcp on Windows, which never sends what it is given).
  static result<raw_socket> open(family, protocol, raw_options = {}) noexcept;
  static result<raw_socket> adopt(native_handle handle, raw_options = {}) noexcept;

  /// The source address of what is sent, and the only destination of what is heard.
  result<> bind(const ip_address& local) noexcept;

  /// The payload alone, unless header_included. For ICMP over IPv6 the system computes the
  /// checksum.
  result<> send_to(const_bytes packet, const ip_address& peer) noexcept;
  result<> send_to(const_bytes packet, const ip_address& peer, deadline until) noexcept;

  /// The payload alone: where the system delivers an IPv4 header, it has been taken off.
  result<raw_received> receive_from(mutable_bytes buffer) noexcept;
  result<raw_received> receive_from(mutable_bytes buffer, deadline until) noexcept;

 private:
  raw_options how_;
};

}  // namespace portsock
