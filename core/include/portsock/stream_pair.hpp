// SPDX-License-Identifier: MIT
#pragma once

// Two ends of one connection, for the threads of a program or for a child process.

#include <portsock/stream_socket.hpp>

namespace portsock {

struct stream_pair {
  stream_socket first;
  stream_socket second;

  /// Connected to each other and to nobody else. Local streams where the system makes them in one
  /// step (socketpair); elsewhere a connection over loopback, whose ends are each other's peers by
  /// address and port, so that a stranger who connects meanwhile is turned away. Errors:
  /// errc::too_many_sockets, no_buffer_space, timed_out (a loopback that does not answer for 10 s).
  static result<stream_pair> create() noexcept;
};

}  // namespace portsock
