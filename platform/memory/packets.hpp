// SPDX-License-Identifier: MIT
#pragma once

// Sending and receiving packets, for the calls of datagrams, raw packets and pings.

#include "objects.hpp"

namespace portsock::platform::memory {

/// Of packets that say none themselves.
std::uint8_t hop_limit_of(const socket_object& from, const ip_address& to) noexcept;

/// A datagram from the socket to the peer, or to the one it is connected to.
result<> send_packet(packet_socket&, std::span<const const_bytes>, const endpoint* peer,
                     const send_details& how);

/// What is there already, or as soon as there is something.
result<packet> next_packet(guard&, packet_socket&, bool waits);

/// As much of it as there is room for; how much, and whether that was not all.
received_part spread(const packet&, std::span<const mutable_bytes> buffers) noexcept;

/// bare_send of what is no stream.
std::int64_t bare_send_datagram(native_handle, const void* data, std::size_t size);

/// One ICMP message or raw packet.
result<> send_raw_packet(packet_socket&, const_bytes payload, const ip_address& peer,
                         bool header_included, std::uint8_t hop_limit);

}  // namespace portsock::platform::memory
