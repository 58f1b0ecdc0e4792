// SPDX-License-Identifier: MIT
#include <portsock/raw_socket.hpp>

#include "waits.hpp"

namespace portsock {

result<raw_socket> raw_socket::open(family of, protocol number, raw_options how) noexcept {
  // IPv6 has no such mode that would mean the same anywhere (RFC 3542, 3).
  if (how.header_included && of == family::v6) return fail(errc::not_supported);
  auto handle = platform::open(of, kind::raw, static_cast<std::uint8_t>(number));
  if (!handle) return handle.failure();
  if (how.header_included)
    if (auto included = platform::include_header(handle->get()); !included)
      return included.failure();
  return raw_socket{std::move(*handle), how};
}

result<raw_socket> raw_socket::adopt(native_handle handle, raw_options how) noexcept {
  if (auto adopted = detail::adopt(handle, kind::raw); !adopted) return adopted.failure();
  return raw_socket{unique_handle{handle}, how};
}

result<> raw_socket::bind(const ip_address& local) noexcept {
  return platform::bind(native(), {local, 0}, kind::raw, bind_policy::exclusive);
}

result<> raw_socket::send_to(const_bytes packet, const ip_address& peer) noexcept {
  return platform::send_raw(native(), packet, peer, how_.header_included);
}

result<> raw_socket::send_to(const_bytes packet, const ip_address& peer, deadline until) noexcept {
  return detail::try_until(native(), interest::send, until, [&]() noexcept {
    return platform::try_send_raw(native(), packet, peer, how_.header_included);
  });
}

result<raw_received> raw_socket::receive_from(mutable_bytes buffer) noexcept {
  return platform::receive_raw(native(), buffer);
}

result<raw_received> raw_socket::receive_from(mutable_bytes buffer, deadline until) noexcept {
  return detail::try_until(native(), interest::receive, until,
                           [&]() noexcept { return platform::try_receive_raw(native(), buffer); });
}

}  // namespace portsock
