// SPDX-License-Identifier: MIT
#include <portsock/batch.hpp>

#include "waits.hpp"

namespace portsock {
namespace {

using platform::patience;

template <class Datagram>
sent_batch send_until(native_handle s, std::span<const Datagram> datagrams,
                      deadline until) noexcept {
  std::size_t done = 0;
  for (;;) {
    const auto sent = platform::send_batch(s, datagrams.subspan(done), patience::none);
    done += sent.count;
    if (!sent.reason || !(*sent.reason == errc::would_block)) return {done, sent.reason};
    if (auto ready = detail::await(s, interest::send, until); !ready) return {done, ready.error()};
  }
}

template <class Room>
result<std::size_t> receive_until(native_handle s, std::span<Room> rooms, deadline until) noexcept {
  return detail::try_until(s, interest::receive, until, [&]() noexcept {
    return platform::receive_batch(s, rooms, patience::none);
  });
}

}  // namespace

sent_batch datagram_socket::send_batch(std::span<const outgoing> datagrams) noexcept {
  return platform::send_batch(native(), datagrams, patience::of_the_socket);
}
sent_batch datagram_socket::send_batch(std::span<const outgoing> datagrams,
                                       deadline until) noexcept {
  return send_until(native(), datagrams, until);
}
result<std::size_t> datagram_socket::receive_batch(std::span<incoming> rooms) noexcept {
  return platform::receive_batch(native(), rooms, patience::of_the_socket);
}
result<std::size_t> datagram_socket::receive_batch(std::span<incoming> rooms,
                                                   deadline until) noexcept {
  return receive_until(native(), rooms, until);
}

sent_batch connected_datagram_socket::send_batch(std::span<const const_bytes> datagrams) noexcept {
  return platform::send_batch(native(), datagrams, patience::of_the_socket);
}
sent_batch connected_datagram_socket::send_batch(std::span<const const_bytes> datagrams,
                                                 deadline until) noexcept {
  return send_until(native(), datagrams, until);
}
result<std::size_t> connected_datagram_socket::receive_batch(
    std::span<incoming_part> rooms) noexcept {
  return platform::receive_batch(native(), rooms, patience::of_the_socket);
}
result<std::size_t> connected_datagram_socket::receive_batch(std::span<incoming_part> rooms,
                                                             deadline until) noexcept {
  return receive_until(native(), rooms, until);
}

}  // namespace portsock
