// SPDX-License-Identifier: MIT
#pragma once

// The sockets behind the ports that a user names.

#include <vector>

#include <portsock/datagram_socket.hpp>
#include <portsock/stream_listener.hpp>
#include <portsock/waker.hpp>
#include <tools/listen/listen.hpp>

namespace portsock::tools {

/// Non-blocking sockets on every address that `where` stands for. A family that this host lacks is
/// passed over, as long as another is there. Errors: those of resolve(), listen() and bind().
result<std::vector<stream_listener>> open_stream_ports(const listen_address& where,
                                                       const canceller& stop);
result<std::vector<datagram_socket>> open_datagram_ports(const listen_address& where,
                                                         const canceller& stop);

/// "localhost:7777", or "7777", as the user wrote it.
std::string to_string(const listen_address& where);

}  // namespace portsock::tools
