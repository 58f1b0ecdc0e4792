// SPDX-License-Identifier: MIT
#pragma once

// Many datagrams in one call: send_batch() and receive_batch() of the datagram sockets take spans
// of these. The caller owns the arrays, and may use them again and again; batches of 32 to 64 cost
// least. There is no limit: longer spans are dealt with in parts.

#include <cstddef>
#include <optional>

#include <portsock/bytes.hpp>
#include <portsock/detail/calls.hpp>
#include <portsock/error.hpp>
#include <portsock/native_endpoint.hpp>

namespace portsock {

/// One datagram to send, and where to: an endpoint that datagram_socket::destination() translated
/// once, or where a datagram came from.
struct outgoing {
  const_bytes datagram;
  native_endpoint peer;
};

/// Room for one datagram and, once received, what came into it.
struct incoming : received {
  explicit incoming(mutable_bytes room) noexcept : buffer{room} {}

  mutable_bytes buffer;  ///< not empty
  /// The datagram, or as much of it as found room.
  mutable_bytes datagram() const noexcept { return buffer.first(size); }
};

/// The same, for a connected socket.
struct incoming_part : received_part {
  explicit incoming_part(mutable_bytes room) noexcept : received_part{}, buffer{room} {}

  mutable_bytes buffer;  ///< not empty
  mutable_bytes datagram() const noexcept { return buffer.first(size); }
};

/// How far a batch came: the first `count` datagrams are sent, the others are not.
struct [[nodiscard]] sent_batch {
  std::size_t count = 0;
  std::optional<error> reason;  ///< why the one after them was not; nothing when all were sent

  explicit operator bool() const noexcept { return !reason; }
};

}  // namespace portsock
