// SPDX-License-Identifier: MIT
#include <portsock/local_datagram_socket.hpp>

#include "waits.hpp"

namespace portsock {

result<local_datagram_socket> local_datagram_socket::bind(const local_address& where,
                                                          local_bind_options wanted) noexcept {
  if (where.is_unnamed()) return fail(errc::invalid_argument);
  auto socket = open();
  if (!socket) return socket;
  const auto claim = platform::bind_local(socket->native(), where, kind::local_datagram, wanted);
  if (!claim) return claim.failure();
  socket->claim_ = detail::local_claim{where, *claim};
  return socket;
}

result<local_datagram_socket> local_datagram_socket::open() noexcept {
  auto handle = platform::open_local(kind::local_datagram);
  if (!handle) return handle.failure();
  return local_datagram_socket{std::move(*handle)};
}

result<local_datagram_socket> local_datagram_socket::adopt(native_handle handle) noexcept {
  if (auto adopted = detail::adopt_local(handle, kind::local_datagram); !adopted)
    return adopted.failure();
  return local_datagram_socket{unique_handle{handle}};
}

result<> local_datagram_socket::send_to(const_bytes datagram, const local_address& peer) noexcept {
  if (peer.is_unnamed()) return fail(errc::invalid_argument);
  return platform::try_send_local(native(), datagram, peer);
}

result<received_locally> local_datagram_socket::receive_from(mutable_bytes buffer) noexcept {
  if (buffer.empty()) return fail(errc::invalid_argument);
  return platform::receive_local(native(), buffer);
}

result<received_locally> local_datagram_socket::receive_from(mutable_bytes buffer,
                                                             deadline until) noexcept {
  if (buffer.empty()) return fail(errc::invalid_argument);
  return detail::try_until(native(), interest::receive, until, [&]() noexcept {
    return platform::try_receive_local(native(), buffer);
  });
}

result<local_address> local_datagram_socket::address() const noexcept {
  return platform::local_name(native());
}

native_handle local_datagram_socket::release() && noexcept {
  claim_.abandon();
  return handle_.release();
}

}  // namespace portsock
