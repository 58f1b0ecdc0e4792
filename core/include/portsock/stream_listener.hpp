// SPDX-License-Identifier: MIT
#pragma once

// Where connections arrive, and who may share a port.

#include <portsock/stream_socket.hpp>

namespace portsock {

/// Who else may use the port, told by intent. The options that do it have one name on all systems
/// and another meaning on each.
enum class bind_policy : std::uint8_t {
  exclusive,      ///< nobody takes the port away, and a server can restart at once
  shared,         ///< several sockets hear the same multicasts; errc::not_supported for a listener
  load_balanced,  ///< the system spreads what arrives; errc::not_supported where none can (Windows,
                  ///< macOS)
};

struct listen_options {
  bind_policy policy = bind_policy::exclusive;
  /// A listener on the IPv6 wildcard takes IPv4 connections too; their peers are IPv4 endpoints.
  bool dual_stack = false;
  /// Connections that may wait for accept(); 0: as many as the system allows.
  int backlog = 0;
};

/// Takes connections. Accepting on several threads is safe; with a deadline, the listener should be
/// non-blocking then, for another thread may take the connection that was announced.
class stream_listener : public basic_socket<kind::listener> {
 public:
  using basic_socket::basic_socket;

  /// Errors: errc::address_in_use, address_not_available, access_denied (a port below 1024, on
  /// POSIX), not_supported (a policy that this system lacks).
  static result<stream_listener> listen(const endpoint& local, listen_options = {}) noexcept;
  /// As stream_socket::adopt, for a socket that listens.
  static result<stream_listener> adopt(native_handle handle) noexcept;

  /// The next connection. It blocks, whatever the listener does, and children do not inherit it. A
  /// connection that died while it waited is passed over. Errors: errc::would_block,
  /// too_many_sockets, no_buffer_space, no_memory (the connection waits on; try later).
  result<stream_socket> accept() noexcept;
  result<stream_socket> accept(deadline until) noexcept;
};

}  // namespace portsock
