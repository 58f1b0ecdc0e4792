// SPDX-License-Identifier: MIT
#pragma once

// The sockets behind the ports that a user names.

#include <string>
#include <vector>

#include <portsock/datagram_socket.hpp>
#include <portsock/stream_listener.hpp>
#include <portsock/waker.hpp>
#include <tools/listen/listen.hpp>

namespace portsock::tools {

/// Where clients or datagrams come in: one of the two sockets is there.
struct door {
  endpoint local;
  std::optional<stream_listener> listener{};
  std::optional<datagram_socket> datagrams{};

  transport over() const noexcept { return listener ? transport::tcp : transport::udp; }
};

/// Non-blocking sockets on every address that `where` stands for. A family that this host lacks is
/// passed over, as long as another is there. Errors: those of resolve(), listen() and bind().
result<std::vector<door>> open_doors(const listen_address& where, const listen_options& options,
                                     const canceller& stop);

/// Joins the groups of the options on the doors of their family. Errors: those of
/// interface_index() and join(); errc::family_not_supported when there is no such door.
result<> join_groups(std::vector<door>& doors, const listen_options& options);

/// "localhost:7777", or "7777", as the user wrote it.
std::string to_string(const listen_address& where);

}  // namespace portsock::tools
