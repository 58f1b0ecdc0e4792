// SPDX-License-Identifier: MIT
#include <tests/support/many_sockets.hpp>

#include <algorithm>

#include <tests/support/system.hpp>

namespace portsock::tests {

std::size_t allow_open_handles(std::size_t wanted) {
  // Windows has no limit. Each costs Wine several round trips to its server.
  return system().name == "Wine" ? (std::min)(wanted, std::size_t{2500}) : wanted;
}

}  // namespace portsock::tests
