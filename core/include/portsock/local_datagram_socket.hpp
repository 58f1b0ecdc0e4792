// SPDX-License-Identifier: MIT
#pragma once

// Datagrams inside this host, with paths for addresses. POSIX systems have them; on Windows opening
// one is errc::not_supported, or family_not_supported.

#include <cstddef>

#include <portsock/local_socket.hpp>

namespace portsock {

/// One datagram as it arrived.
struct received_locally {
  local_address from;      ///< unnamed, if the sender was not bound: nobody can answer it
  std::size_t size = 0;    ///< bytes written to the buffer; 0 is a datagram too
  bool truncated = false;  ///< the datagram was longer, and its rest is lost
};

/// Datagrams that arrive in order, each whole or cut, and never get lost: a receiver that does not
/// keep up is told to its senders.
class local_datagram_socket : public basic_socket<kind::local_datagram> {
 public:
  /// Takes over a socket as it is. Its file is left alone.
  explicit local_datagram_socket(unique_handle handle) noexcept : basic_socket{std::move(handle)} {}

  /// At a path of its own, of which holds what local_listener says. Errors: as
  /// local_listener::listen.
  static result<local_datagram_socket> bind(const local_address& where,
                                            local_bind_options = {}) noexcept;
  /// Without an address: for who sends and wants no answer.
  static result<local_datagram_socket> open() noexcept;
  /// As stream_socket::adopt, for a local datagram socket. Its file is left alone.
  static result<local_datagram_socket> adopt(native_handle handle) noexcept;

  /// Never waits, for no system tells when a receiver has room again. Errors: errc::would_block
  /// (the receiver's queue is full), connection_refused (nobody receives there), message_too_large
  /// (more than the send buffer; by default that is 2,048 bytes on macOS), access_denied,
  /// wrong_protocol (a stream listens there).
  result<> send_to(const_bytes datagram, const local_address& peer) noexcept;

  /// The next datagram; an empty buffer is errc::invalid_argument. Errors: would_block.
  result<received_locally> receive_from(mutable_bytes buffer) noexcept;
  result<received_locally> receive_from(mutable_bytes buffer, deadline until) noexcept;

  result<local_address> address() const noexcept;
  /// Gives the handle away, and leaves the file behind, which is the caller's business too.
  [[nodiscard]] native_handle release() && noexcept;

 private:
  detail::local_claim claim_;  // ends before the socket is closed
};

}  // namespace portsock
