// SPDX-License-Identifier: MIT

// Many datagrams in one call, or in as few as the system needs.

#include <algorithm>
#include <array>

#include <platform/bsd/sockaddr.hpp>
#include <platform/contract.hpp>

#include "datagram.hpp"
#include "many.hpp"
#include "native.hpp"

namespace portsock::platform {
namespace {

/// More at once costs no less for each (measured on Linux), and the messages live on the stack.
constexpr std::size_t at_once = 64;

/// A message of one buffer for each of some datagrams. Only those in use are ever written.
struct messages {
  std::array<many_message, at_once> headers;
  std::array<iovec, at_once> parts;

  many_message& prepare(std::size_t i, const void* data, std::size_t size) noexcept {
    // The system's type has no const; what is sent is not written to.
    parts[i] = {const_cast<void*>(data), size};
    headers[i] = {};
    headers[i].msg_hdr.msg_iov = &parts[i];
    headers[i].msg_hdr.msg_iovlen = 1;
    return headers[i];
  }

  void prepare(std::size_t i, const const_bytes& one) noexcept {
    prepare(i, one.data(), one.size());
  }
  void prepare(std::size_t i, const outgoing& one) noexcept {
    auto& header = prepare(i, one.datagram.data(), one.datagram.size()).msg_hdr;
    header.msg_name = const_cast<void*>(one.peer.data());
    header.msg_namelen = length_of(one.peer);
  }
  void prepare(std::size_t i, incoming_part& one) noexcept {
    prepare(i, one.buffer.data(), one.buffer.size());
  }
  void prepare(std::size_t i, incoming& one) noexcept {
    auto& header = prepare(i, one.buffer.data(), one.buffer.size()).msg_hdr;
    header.msg_name = one.from.data();
    header.msg_namelen = native_endpoint::capacity;
  }

  void read(std::size_t i, incoming_part& one) const noexcept {
    one.size = static_cast<std::size_t>(headers[i].msg_len);
    one.truncated = (headers[i].msg_hdr.msg_flags & MSG_TRUNC) != 0;
  }
  void read(std::size_t i, incoming& one) const noexcept {
    one.size = static_cast<std::size_t>(headers[i].msg_len);
    one.truncated = (headers[i].msg_hdr.msg_flags & MSG_TRUNC) != 0;
    one.from.size() = headers[i].msg_hdr.msg_namelen;
  }
};

/// Sends the first `size` messages. Old news is no datagram's fault; told twice in one place, it is
/// the failure of the datagram there.
sent_batch send_messages(native_handle s, messages& all, std::size_t size, int flags) noexcept {
  std::size_t done = 0;
  bool told = false;
  while (done != size) {
    const auto sent =
        uninterrupted(send_many, descriptor(s), &all.headers[done], size - done, flags);
    if (sent > 0) {
      done += static_cast<std::size_t>(sent);
      told = false;
    } else if (!told && is_old_news(errno)) {
      told = true;
    } else {
      return {done, send_error(errno)};
    }
  }
  return {done, std::nullopt};
}

template <class Datagram>
sent_batch send_each(native_handle s, std::span<const Datagram> datagrams,
                     patience waits) noexcept {
  messages some;
  std::size_t done = 0;
  while (done != datagrams.size()) {
    const auto size = (std::min)(at_once, datagrams.size() - done);
    for (std::size_t i = 0; i != size; ++i) some.prepare(i, datagrams[done + i]);
    const auto sent = send_messages(s, some, size, send_flags | flags_of(waits));
    done += sent.count;
    if (sent.reason) return {done, sent.reason};
  }
  return {done, std::nullopt};
}

/// Into the first `size` rooms. Failures of earlier datagrams are passed over. -1 and errno.
template <class Room>
int receive_messages(native_handle s, messages& some, std::span<Room> rooms,
                     patience waits) noexcept {
  for (repeats once_more;;) {
    for (std::size_t i = 0; i != rooms.size(); ++i) some.prepare(i, rooms[i]);
    const auto got = uninterrupted(receive_many, descriptor(s), some.headers.data(), rooms.size(),
                                   waits == patience::of_the_socket);
    if (got >= 0 || !once_more.allow(errno)) return static_cast<int>(got);
  }
}

template <class Room>
result<std::size_t> receive_each(native_handle s, std::span<Room> rooms, patience waits) noexcept {
  if (std::ranges::any_of(rooms, [](const Room& room) { return room.buffer.empty(); }))
    return fail(errc::invalid_argument);
  messages some;
  std::size_t done = 0;
  while (done != rooms.size()) {
    const auto part = rooms.subspan(done, (std::min)(at_once, rooms.size() - done));
    const auto got = receive_messages(s, some, part, done == 0 ? waits : patience::none);
    if (got < 0) {
      if (done != 0) break;  // the next call meets it again, or there is nothing more
      return std::unexpected{last_error()};
    }
    const auto count = static_cast<std::size_t>(got);
    for (std::size_t i = 0; i != count; ++i) some.read(i, part[i]);
    done += count;
    if (count != part.size()) break;
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
