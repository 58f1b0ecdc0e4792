// SPDX-License-Identifier: MIT

// In a file of its own: a program that connects to addresses alone is linked without the resolver.

#include <portsock/resolver.hpp>
#include <portsock/stream_socket.hpp>

namespace portsock {

result<stream_socket> stream_socket::connect(std::string_view host, std::uint16_t port,
                                             deadline until) {
  const auto found = resolve(host, port, until);
  if (!found) return found.failure();
  return connect_any(*found, until);
}

}  // namespace portsock
