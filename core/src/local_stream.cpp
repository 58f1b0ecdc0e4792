// SPDX-License-Identifier: MIT
#include <portsock/local_socket.hpp>

#include "waits.hpp"

namespace portsock {

result<local_stream> local_stream::connect(const local_address& peer, deadline until) noexcept {
  if (peer.is_unnamed()) return fail(errc::invalid_argument);
  auto handle = platform::open_local(kind::local_stream);
  if (!handle) return handle.failure();
  if (auto connected = platform::connect_local(handle->get(), peer, until); !connected)
    return connected.failure();
  return local_stream{std::move(*handle)};
}

result<local_stream> local_stream::adopt(native_handle handle) noexcept {
  if (auto adopted = detail::adopt_local(handle, kind::local_stream); !adopted)
    return adopted.failure();
  if (const auto peer = platform::local_peer_name(handle); !peer) return peer.failure();
  return local_stream{unique_handle{handle}};
}

result<local_address> local_stream::address() const noexcept {
  return platform::local_name(native());
}

result<local_address> local_stream::peer_address() const noexcept {
  return platform::local_peer_name(native());
}

result<local_credentials> local_stream::peer_credentials() const noexcept {
  return platform::peer_credentials(native());
}

result<std::size_t> local_stream::send_handles(const_bytes data,
                                               std::span<const native_handle> handles,
                                               deadline until) noexcept {
  if (data.empty() || handles.size() > max_handles) return fail(errc::invalid_argument);
  const auto sent = detail::try_until(native(), interest::send, until, [&]() noexcept {
    return platform::try_send_handles(native(), data, handles);
  });
  if (sent || sent.error() == errc::would_block) return sent;
  const auto reason = platform::explain_failure(native(), sent.error());
  if (reason == errc::connection_reset) handle_.set(unique_handle::note::was_reset);
  return fail(reason);
}

result<received_handles> local_stream::receive_handles(mutable_bytes buffer,
                                                       std::span<unique_handle> room,
                                                       deadline until) noexcept {
  // No handle comes beside no bytes.
  if (buffer.empty() || handle_.has(unique_handle::note::receive_shut)) return received_handles{};
  auto got = detail::try_until(native(), interest::receive, until, [&]() noexcept {
    return platform::try_receive_handles(native(), buffer, room);
  });
  if (!got && got.error() == errc::connection_reset) handle_.set(unique_handle::note::was_reset);
  if (got && got->size == 0 && handle_.has(unique_handle::note::was_reset))
    return fail(errc::connection_reset);
  return got;
}

}  // namespace portsock
