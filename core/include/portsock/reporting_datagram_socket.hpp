// SPDX-License-Identifier: MIT
#pragma once

// A connected datagram socket that tells what became of its datagrams, as far as anybody says.

#include <optional>

#include <portsock/datagram_socket.hpp>

namespace portsock {

/// As connected_datagram_socket, but for what ICMP says of an earlier datagram: the next send or
/// receive fails with errc::connection_refused (nobody has the port), host_unreachable or
/// network_unreachable, once for each report, and the call after it works again. The datagram of
/// that send was not sent. A report may come late or never, so that silence says nothing (under
/// Wine it never does). A type of its own, because on each other the calls would need another loop.
class reporting_datagram_socket : public basic_socket<kind::datagram> {
 public:
  static result<reporting_datagram_socket> connect(
      const endpoint& peer, std::optional<endpoint> local = std::nullopt) noexcept;

  /// Errors: the three above, and those of connected_datagram_socket.
  result<> send(const_bytes datagram) noexcept;
  result<> send(const_bytes datagram, deadline until) noexcept;
  result<received_part> receive(mutable_bytes buffer) noexcept;
  result<received_part> receive(mutable_bytes buffer, deadline until) noexcept;
  result<endpoint> peer_endpoint() const noexcept;

 private:
  using basic_socket::basic_socket;
};

}  // namespace portsock
