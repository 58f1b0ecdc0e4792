// SPDX-License-Identifier: MIT

// Winsock moves one datagram in each call.

#include <algorithm>

#include <platform/contract.hpp>

namespace portsock::platform {
namespace {

result<> send_one(native_handle s, const outgoing& one, patience waits) noexcept {
  const std::span<const const_bytes> parts{&one.datagram, 1};
  return waits == patience::none ? try_send_to(s, parts, one.peer) : send_to(s, parts, one.peer);
}
result<> send_one(native_handle s, const const_bytes& one, patience waits) noexcept {
  const std::span<const const_bytes> parts{&one, 1};
  return waits == patience::none ? try_send_datagram(s, parts) : send_datagram(s, parts);
}

template <class Datagram>
sent_batch send_each(native_handle s, std::span<const Datagram> datagrams,
                     patience waits) noexcept {
  sent_batch sent;
  for (const auto& one : datagrams) {
    if (auto outcome = send_one(s, one, waits); !outcome) {
      sent.reason = outcome.error();
      break;
    }
    ++sent.count;
  }
  return sent;
}

result<> receive_one(native_handle s, incoming& room, patience waits) noexcept {
  const std::span<const mutable_bytes> parts{&room.buffer, 1};
  const auto got = waits == patience::none ? try_receive_from(s, parts) : receive_from(s, parts);
  if (!got) return got.failure();
  static_cast<received&>(room) = *got;
  return {};
}
result<> receive_one(native_handle s, incoming_part& room, patience waits) noexcept {
  const std::span<const mutable_bytes> parts{&room.buffer, 1};
  const auto got =
      waits == patience::none ? try_receive_datagram(s, parts) : receive_datagram(s, parts);
  if (!got) return got.failure();
  static_cast<received_part&>(room) = *got;
  return {};
}

template <class Room>
result<std::size_t> receive_each(native_handle s, std::span<Room> rooms, patience waits) noexcept {
  if (std::ranges::any_of(rooms, [](const Room& room) { return room.buffer.empty(); }))
    return fail(errc::invalid_argument);
  std::size_t done = 0;
  for (auto& room : rooms) {
    if (auto got = receive_one(s, room, done == 0 ? waits : patience::none); !got) {
      if (done != 0) break;  // the next call meets it again, or there is nothing more
      return got.failure();
    }
    ++done;
  }
  return done;
}

}  // namespace

sent_batch send_batch(native_handle s, std::span<const outgoing> datagrams,
                      patience waits) noexcept {
  return send_each(s, datagrams, waits);
}
sent_batch send_batch(native_handle s, std::span<const const_bytes> datagrams,
                      patience waits) noexcept {
  return send_each(s, datagrams, waits);
}
result<std::size_t> receive_batch(native_handle s, std::span<incoming> rooms,
                                  patience waits) noexcept {
  return receive_each(s, rooms, waits);
}
result<std::size_t> receive_batch(native_handle s, std::span<incoming_part> rooms,
                                  patience waits) noexcept {
  return receive_each(s, rooms, waits);
}

}  // namespace portsock::platform
