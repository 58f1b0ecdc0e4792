// SPDX-License-Identifier: MIT
#include <tests/support/ports.hpp>

#include <random>

namespace portsock::tests {

endpoint closed_datagram_port(family of) {
  // Below what Linux (32768), Windows and macOS (49152) and FreeBSD (10000) give out.
  std::random_device random;
  std::uniform_int_distribution<std::uint16_t> ports{5000, 9999};
  for (;;)
    if (auto found = datagram_socket::bind({portsock::loopback(of), ports(random)}))
      return must(found->local_endpoint());
}

}  // namespace portsock::tests
