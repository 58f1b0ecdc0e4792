// SPDX-License-Identifier: MIT
#pragma once

// One socket with several owners: in this process, or in a child to which it is given on purpose.

#include <cstdint>
#include <string>
#include <string_view>
#include <utility>

#include <portsock/error.hpp>
#include <portsock/handle.hpp>

namespace portsock {

namespace detail {
result<unique_handle> duplicate(native_handle) noexcept;
}

/// A second owner of the same socket. The two share everything, the blocking mode and the options
/// too; the connection ends when both are closed. A listener's or datagram socket's file stays with
/// the first. Children do not inherit it. Errors: errc::too_many_sockets, bad_handle, not_a_socket.
template <class Socket>
result<Socket> duplicate(const Socket& socket) noexcept {
  auto handle = detail::duplicate(socket.native());
  if (!handle) return handle.failure();
  return Socket{std::move(*handle)};
}

/// A socket on its way to a child process:
///
///   auto passed = passed_socket::of(socket);            // before the child is started
///   …                                                   // start it, with its standard input
///   write(child, *passed->ticket_for(child_process));   // then tell it
///
///   auto handle = passed_socket::redeem(ticket);        // in the child, once
///   auto socket = stream_socket::adopt(handle->release());
///
/// On POSIX systems every child that is started while this object lives inherits the socket.
/// Destroy it once the child runs on POSIX, and on Windows once the child has redeemed the ticket.
class passed_socket {
 public:
  /// Errors: errc::too_many_sockets, bad_handle, not_a_socket.
  static result<passed_socket> of(native_handle socket) noexcept;
  template <class Socket>
  static result<passed_socket> of(const Socket& socket) noexcept {
    return of(socket.native());
  }

  /// Letters, digits and a colon, at most 2,000 of them, good for one process alone. A POSIX system
  /// does not look at `process`. Errors: errc::invalid_argument (no such process).
  result<std::string> ticket_for(std::uint32_t process) const;
  /// The socket, which this process's children do not inherit. Errors: errc::invalid_argument for
  /// text that is no ticket of this process, not_a_socket.
  static result<unique_handle> redeem(std::string_view ticket) noexcept;

 private:
  explicit passed_socket(unique_handle handle) noexcept : handle_{std::move(handle)} {}

  unique_handle handle_;
};

}  // namespace portsock
