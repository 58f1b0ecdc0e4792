// SPDX-License-Identifier: MIT
#pragma once

// The sockets behind the addresses that a user names.

#include <string>
#include <utility>
#include <variant>
#include <vector>

#include <portsock/datagram_socket.hpp>
#include <portsock/local_datagram_socket.hpp>
#include <portsock/local_socket.hpp>
#include <portsock/stream_listener.hpp>
#include <portsock/waker.hpp>
#include <tools/listen/listen.hpp>
#include <tools/listen/party.hpp>

namespace portsock::tools {

/// What came to a door: a datagram, and how much of it the buffer has.
struct heard {
  place from;
  std::size_t size = 0;
  bool truncated = false;
};

/// Where clients or datagrams come in.
class door {
 public:
  using any_socket =
      std::variant<stream_listener, datagram_socket, local_listener, local_datagram_socket>;

  door(any_socket opened, place at) : socket_{std::move(opened)}, local_{std::move(at)} {}

  carrier over() const noexcept;
  const place& local() const noexcept { return local_; }
  native_handle native() const noexcept;
  /// nullptr: it is no socket of UDP.
  datagram_socket* network_datagrams() noexcept { return std::get_if<datagram_socket>(&socket_); }

  /// The next client, and who it is. A door of streams has them. Errors: as accept().
  result<std::pair<stream_socket, place>> accept();
  /// The next datagram. A door of datagrams has them. Errors: as receive_from().
  result<heard> receive(mutable_bytes buffer);
  /// Errors: as send_to(); errc::address_not_available for a sender without an address.
  result<> send_to(const_bytes datagram, const place& peer, deadline until);
  /// Nobody can come any more. Datagrams can still be sent.
  void close() noexcept;

 private:
  any_socket socket_;
  place local_;
};

/// Non-blocking sockets on every address that `where` stands for. A family that this host lacks is
/// passed over, as long as another is there. Errors: those of resolve(), listen() and bind().
result<std::vector<door>> open_doors(const listen_address& where, const listen_options& options,
                                     const canceller& stop);

/// Why accept() fails when the system, or this program, can have no more sockets for now.
constexpr bool is_shortage(error reason) noexcept {
  return reason == errc::too_many_sockets || reason == errc::no_buffer_space ||
         reason == errc::no_memory;
}

/// Joins the groups of the options on the doors of their family. Errors: those of
/// interface_index() and join(); errc::family_not_supported when there is no such door.
result<> join_groups(std::vector<door>& doors, const listen_options& options);

/// "localhost:7777", "7777", "unix:/run/app.sock", as the user wrote it.
std::string to_string(const listen_address& where);

}  // namespace portsock::tools
