// SPDX-License-Identifier: MIT
#include <portsock/urgent_data.hpp>

#include <platform/contract.hpp>

#include "stream_access.hpp"
#include "waits.hpp"

namespace portsock {

namespace {

result<> send(stream_socket& socket, std::byte what, platform::patience waits) noexcept {
  const auto sent = platform::send_urgent(socket.native(), what, waits);
  if (sent) return {};
  return detail::stream_access::sent(socket, sent.failure()).failure();
}

}  // namespace

result<> send_urgent(stream_socket& socket, std::byte what) noexcept {
  return send(socket, what, platform::patience::of_the_socket);
}

result<> send_urgent(stream_socket& socket, std::byte what, deadline until) noexcept {
  return detail::try_until(socket.native(), interest::send, until,
                           [&]() noexcept { return send(socket, what, platform::patience::none); });
}

result<bool> is_at_mark(const stream_socket& socket) noexcept {
  return platform::is_at_mark(socket.native());
}

}  // namespace portsock
