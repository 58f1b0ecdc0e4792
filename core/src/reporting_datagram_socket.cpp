// SPDX-License-Identifier: MIT
#include <portsock/reporting_datagram_socket.hpp>

#include <algorithm>

#include <platform/reports.hpp>

#include "waits.hpp"

namespace portsock {
namespace {

received_part part_of(std::size_t whole, mutable_bytes buffer) noexcept {
  return {(std::min)(whole, buffer.size()), whole > buffer.size()};
}

}  // namespace

result<reporting_datagram_socket> reporting_datagram_socket::connect(
    const endpoint& peer, std::optional<endpoint> local) noexcept {
  auto connected = connected_datagram_socket::connect(peer, local);
  if (!connected) return connected.failure();
  reporting_datagram_socket socket{unique_handle{std::move(*connected).release()}};
  if (auto told = platform::report_unreachable(socket.native()); !told) return told.failure();
  return socket;
}

result<> reporting_datagram_socket::send(const_bytes datagram) noexcept {
  for (;;) {
    if (platform::bare_send(native(), datagram.data(), datagram.size()) >= 0) return {};
    const auto reason = platform::explain_report(platform::last_failure());
    if (reason != errc::interrupted) return fail(reason);
  }
}

result<> reporting_datagram_socket::send(const_bytes datagram, deadline until) noexcept {
  return detail::try_until(native(), interest::send, until, [&]() noexcept {
    return platform::try_send_reporting(native(), datagram);
  });
}

result<received_part> reporting_datagram_socket::receive(mutable_bytes buffer) noexcept {
  if (buffer.empty()) return fail(errc::invalid_argument);
  for (;;) {
    const auto size = platform::bare_receive_datagram(native(), buffer.data(), buffer.size());
    if (size >= 0) return part_of(static_cast<std::size_t>(size), buffer);
    const auto reason = platform::explain_report(platform::last_failure());
    if (reason != errc::interrupted) return fail(reason);
  }
}

result<received_part> reporting_datagram_socket::receive(mutable_bytes buffer,
                                                         deadline until) noexcept {
  if (buffer.empty()) return fail(errc::invalid_argument);
  const auto size = detail::try_until(native(), interest::receive, until, [&]() noexcept {
    return platform::try_receive_reporting(native(), buffer);
  });
  if (!size) return size.failure();
  return part_of(*size, buffer);
}

result<endpoint> reporting_datagram_socket::peer_endpoint() const noexcept {
  return platform::peer_endpoint(native());
}

}  // namespace portsock
