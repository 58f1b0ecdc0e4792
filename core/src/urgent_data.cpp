// SPDX-License-Identifier: MIT
#include <portsock/urgent_data.hpp>

#include <platform/contract.hpp>

namespace portsock {

result<> send_urgent(stream_socket& socket, std::byte what) noexcept {
  const auto sent = platform::send_urgent(socket.native(), what);
  if (sent || sent.error() == errc::would_block) return sent;
  return fail(platform::explain_failure(socket.native(), sent.error()));
}

result<bool> is_at_mark(const stream_socket& socket) noexcept {
  return platform::is_at_mark(socket.native());
}

}  // namespace portsock
