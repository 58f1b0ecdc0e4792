// SPDX-License-Identifier: MIT
#include <portsock/urgent_data.hpp>

#include <platform/contract.hpp>

#include "stream_access.hpp"
#include "waits.hpp"

namespace portsock {

result<> send_urgent(stream_socket& socket, std::byte what) noexcept {
  const auto sent = platform::send_urgent(socket.native(), what);
  if (sent) return {};
  return detail::stream_access::sent(socket, sent.failure()).failure();
}

result<> send_urgent(stream_socket& socket, std::byte what, deadline until) noexcept {
  // Where there is room for anything, there is for a byte.
  for (;;) {
    if (auto ready = detail::await(socket.native(), interest::send, until); !ready) return ready;
    if (auto sent = send_urgent(socket, what); sent || sent.error() != errc::would_block)
      return sent;
  }
}

result<bool> is_at_mark(const stream_socket& socket) noexcept {
  return platform::is_at_mark(socket.native());
}

}  // namespace portsock
