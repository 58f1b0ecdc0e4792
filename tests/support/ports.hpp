// SPDX-License-Identifier: MIT
#pragma once

// Ports where nobody answers.

#include <portsock/address.hpp>
#include <portsock/datagram_socket.hpp>
#include <portsock/stream_listener.hpp>
#include <tests/support/matchers.hpp>
#include <tests/support/system.hpp>

namespace portsock::tests {

/// A TCP port of loopback that refuses connections. It is held by a socket that does not listen, so
/// that no other program, or the one that connects, can be given it.
class closed_port {
 public:
  explicit closed_port(family of) : handle_{foreign_socket(of, kind::stream)} {
    bind_foreign(handle_.get(), {portsock::loopback(of), 0});
    borrowed<stream_listener> socket{handle_.get()};
    where_ = must(socket->local_endpoint());
  }

  const endpoint& where() const noexcept { return where_; }

 private:
  unique_handle handle_;
  endpoint where_;
};

/// A UDP port of loopback that was free a moment ago, of a range that no system gives out by
/// itself: no socket of another test is given it meanwhile.
endpoint closed_datagram_port(family of);

}  // namespace portsock::tests
