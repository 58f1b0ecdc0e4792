// SPDX-License-Identifier: MIT
#include <portsock/stream_statistics.hpp>

#include <platform/contract.hpp>

namespace portsock {

result<stream_statistics> statistics_of(const stream_socket& socket) noexcept {
  return platform::statistics_of(socket.native());
}

}  // namespace portsock
