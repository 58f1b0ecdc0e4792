// SPDX-License-Identifier: MIT
#pragma once

// TCP's urgent data, for the protocols that have always used it (Telnet, FTP). New ones should not:
// RFC 6093 says why.

#include <cstddef>

#include <portsock/stream_socket.hpp>

namespace portsock {

/// Sends one byte that the receiver can find by is_at_mark(). It stays in its place in the stream
/// for a receiver with options::out_of_band_inline, which is the only way in which systems agree:
/// set it before the byte can arrive. Errors: as stream_socket::send. For TCP: what a local
/// stream makes of it is the system's business.
result<> send_urgent(stream_socket& socket, std::byte what) noexcept;
/// Also errc::timed_out, cancelled.
result<> send_urgent(stream_socket& socket, std::byte what, deadline until) noexcept;

/// Whether the next byte to receive is the urgent one. A receive ends before it, so that asking
/// after each receive does not miss it. Of several urgent bytes on their way only the last is
/// known. Wine does not end a receive there.
result<bool> is_at_mark(const stream_socket& socket) noexcept;

}  // namespace portsock
