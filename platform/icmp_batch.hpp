// SPDX-License-Identifier: MIT
#pragma once

// Part of the contract: several ICMP messages in one call, with times. The rules of contract.hpp
// hold here too. Nothing in this file waits, whatever the mode of the socket.

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>

#include <portsock/address.hpp>
#include <portsock/bytes.hpp>
#include <portsock/deadline.hpp>
#include <portsock/error.hpp>
#include <portsock/handle.hpp>
#include <portsock/icmp_batch.hpp>

namespace portsock::platform {

/// Asks for the times of arrival, and for ICMP errors about what an ICMP datagram socket sent,
/// where the system has them; does nothing elsewhere.
void report_icmp_times(native_handle, family) noexcept;
/// No packet will be too long for any path. Where the system sends such ones faster when it need
/// not be ready to divide them, it does so from now on, unless the option dont_fragment was set.
void expect_small_packets(native_handle, family) noexcept;

struct icmp_packet_out {
  const_bytes packet;
  ip_address peer;
  std::uint8_t hop_limit = 0;          ///< of this packet; 0: the socket's
  deadline::clock::time_point left{};  ///< set: read off around the call, and shared out within it
  std::chrono::nanoseconds unsure{};  ///< set: one packet's share of the call, when it sent several
  std::uint32_t flow_label = 0;       ///< one that allow_flow_label() allowed; 0: the system's
};
/// Sends from the front on, icmp_batch_size at most, and answers how many went. An error is about
/// the first; errors about earlier packets are swallowed. `stamp`: the system shall tell when they
/// really leave, if it can: receive_icmp_notices().
result<std::size_t> send_icmp(native_handle, std::span<icmp_packet_out> packets,
                              bool stamp) noexcept;

struct icmp_packet_in {
  mutable_bytes room;
  const_bytes packet{};  ///< set: in `room`, any IPv4 header taken off
  ip_address from{};
  std::optional<std::uint8_t> hop_limit{};
  deadline::clock::time_point arrival{};  ///< the system's own, else read off after the call
  bool stamped = false;                   ///< it is the system's own
};
/// Receives what there is, icmp_batch_size at most, and answers how many there were; an empty
/// packet is one that does not count. errc::would_block: there is nothing.
result<std::size_t> receive_icmp(native_handle, std::span<icmp_packet_in> packets) noexcept;

/// What the system tells beside the packets: a departure, or an ICMP error about an echo request.
struct icmp_notice {
  mutable_bytes room;
  const_bytes packet{};                ///< a departure: headers, then a front part of the message;
                                       ///< an error: a front part of the request
  deadline::clock::time_point when{};  ///< it left, or the error arrived
  bool is_error = false;
  std::uint8_t type = 0;
  std::uint8_t code = 0;
  std::uint32_t info = 0;  ///< MTU or pointer, as the type has it
  ip_address from{};       ///< who sent the error
  ip_address peer{};       ///< whom the request was for
};
/// As receive_icmp; always errc::would_block where the system has no such thing.
result<std::size_t> receive_icmp_notices(native_handle, std::span<icmp_notice> notices) noexcept;

}  // namespace portsock::platform
