// SPDX-License-Identifier: MIT
#pragma once

// Finding the peer, and a socket that is prepared as the options say.

#include <optional>
#include <string>
#include <variant>
#include <vector>

#include <portsock/datagram_socket.hpp>
#include <portsock/local_datagram_socket.hpp>
#include <portsock/stream_socket.hpp>
#include <tools/send/exchange.hpp>

namespace portsock::tools {

/// The addresses of the peer that the options leave to choose from.
result<std::vector<endpoint>> find_peers(const exchange& with, deadline until);

/// Where to send from, if the options say.
std::optional<endpoint> local_for(const send_options& with, const endpoint& peer);
/// What a connection is to be like. Errors: those of interface_index().
result<stream_presets> presets_of_stream(const send_options& with);

/// A connection, after as many tries as the options allow.
result<stream_socket> reach_stream(const exchange& with);

/// Datagrams to one peer. From it alone come the answers, unless it is a group or a broadcast
/// address, which does not answer itself.
class datagram_link {
 public:
  explicit datagram_link(connected_datagram_socket socket) : socket_{std::move(socket)} {}
  datagram_link(datagram_socket socket, const endpoint& peer)
      : socket_{std::move(socket)}, peer_{peer} {}
  datagram_link(local_datagram_socket socket, const local_address& peer)
      : socket_{std::move(socket)}, local_peer_{peer} {}

  result<> send(const_bytes datagram, deadline until);
  /// The size of the next one; errc::would_block.
  result<std::size_t> receive(mutable_bytes buffer);
  result<> set_blocking(bool blocking);
  native_handle native() const;
  /// For people.
  std::string local_name() const;

 private:
  std::variant<connected_datagram_socket, datagram_socket, local_datagram_socket> socket_;
  endpoint peer_;  // of a socket that is not connected
  local_address local_peer_;
};

/// Does not block.
result<datagram_link> reach_datagrams(const exchange& with);

}  // namespace portsock::tools
