// SPDX-License-Identifier: MIT
#pragma once

// What became of datagrams that nobody received.

#include <cstdint>

#include <portsock/datagram_socket.hpp>

namespace portsock {

/// Packets for this socket that the system has thrown away since it was made: as a rule its receive
/// buffer had no room. Datagrams that the system had joined (coalesce) are one packet. Any thread
/// may ask. errc::not_supported where no system tells it of one socket: on all but Linux.
result<std::uint64_t> discarded_by(const basic_socket<kind::datagram>& socket) noexcept;

}  // namespace portsock
