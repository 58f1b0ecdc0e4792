// SPDX-License-Identifier: MIT

// Sockets inside a host, which no path delays.

#include "local.hpp"

#include <algorithm>
#include <functional>
#include <iterator>
#include <set>
#include <string>

#include "host_system.hpp"
#include "segments.hpp"

namespace portsock::platform {

using namespace memory;

namespace memory {
namespace {

/// What holds a path, as a lock's file does elsewhere.
struct path_claim final : object {
  readiness_state state() const override { return {}; }
};
/// The paths that are held, whatever has become of their files.
std::set<std::string, std::less<>>& all_claimed() {
  static auto& made = *new std::set<std::string, std::less<>>;
  return made;
}

result<socket_ref> local_socket_of(native_handle s) {
  auto found = socket_of(s);
  if (found && !is_local((*found)->is)) return refuse(errc::family_not_supported);
  return found;
}

/// Both ends at once: the listener accepts what is there already.
void meet(const std::shared_ptr<stream>& from, listener& at) {
  auto made = std::make_shared<stream>(at.of, kind::local_stream, std::uint8_t{0});
  made->home = at.home;
  made->options = at.options;
  made->name = at.name;
  made->peer_name = from->name;
  made->now = stream::phase::open;
  made->other = from;
  from->peer_name = at.name;
  from->now = stream::phase::open;
  from->other = made;
  at.waiting.push_back(std::move(made));
  changed();
}

/// As on Linux (unix(7), max_dgram_qlen), where who finds as many waits.
constexpr std::size_t most_waiting = 11;

result<received_locally> receive_local(native_handle s, mutable_bytes buffer, bool waits) {
  auto held = enter();
  const auto found = find_as<local_datagrams>(s);
  if (!found) return found.failure();
  auto& at = **found;
  while (at.arrived.empty()) {
    if (!waits || !at.blocking) return refuse(errc::would_block);
    wait_for(held, [&at] { return !at.arrived.empty(); });
  }
  const auto next = std::move(at.arrived.front());
  at.arrived.pop_front();
  const auto size = (std::min)(next.payload.size(), buffer.size());
  std::copy_n(next.payload.begin(), size, buffer.begin());
  return received_locally{next.from, size, size != next.payload.size()};
}

}  // namespace
}  // namespace memory

std::size_t longest_local_path() noexcept { return local_address::portable_limit; }
bool has_abstract_names() noexcept { return false; }

result<unique_handle> open_local(kind is) noexcept {
  const auto held = enter();
  constexpr auto of = family::v4;  // of no meaning here
  switch (is) {
    case kind::local_stream:
      return new_handle(std::make_shared<stream>(of, is, std::uint8_t{0}));
    case kind::local_listener:
      return new_handle(std::make_shared<listener>(of, is, std::uint8_t{0}));
    case kind::local_datagram:
      return new_handle(std::make_shared<local_datagrams>(of, is, std::uint8_t{0}));
    default:
      return refuse(errc::not_supported);
  }
}

result<kind> inspect_local(native_handle s) noexcept {
  const auto held = enter();
  const auto socket = local_socket_of(s);
  if (!socket) return socket.failure();
  return (*socket)->is;
}

result<> connect_local(native_handle s, const local_address& peer, deadline until) noexcept {
  auto held = enter();
  const auto from = find_as<stream>(s);
  if (!from) return from.failure();
  for (;;) {
    const auto there = local_socket_at(peer, (*from)->home);
    if (!there) return there.failure();
    const auto at = std::dynamic_pointer_cast<listener>(*there);
    if (!at) return refuse(errc::wrong_protocol);
    if (!at->listens) return refuse(errc::connection_refused);
    const auto has_room = [&at] { return at->waiting.size() < at->room; };
    if (has_room()) {
      meet(*from, *at);
      return {};
    }
    switch (wait_until(held, until, [&] { return has_room() || !at->listens; })) {
      case ending::timed_out:
        return fail(errc::timed_out);
      case ending::cancelled:
        return fail(errc::cancelled);
      case ending::ready:
        break;
    }
  }
}

result<local_address> local_name(native_handle s) noexcept {
  const auto held = enter();
  const auto socket = local_socket_of(s);
  if (!socket) return socket.failure();
  return (*socket)->name;
}

result<local_address> local_peer_name(native_handle s) noexcept {
  const auto held = enter();
  const auto end = find_as<stream>(s);
  if (!end) return end.failure();
  if ((*end)->now != stream::phase::open) return refuse(errc::not_connected);
  return (*end)->peer_name;
}

result<local_credentials> peer_credentials(native_handle s) noexcept {
  if (const auto peer = local_peer_name(s); !peer) return peer.failure();
  return local_credentials{.process = process_id(), .user = {}, .group = {}};
}

result<detail::claim_record> bind_local(native_handle s, const local_address& where, kind,
                                        local_bind_options wanted) noexcept {
  const auto held = enter();
  const auto socket = local_socket_of(s);
  if (!socket) return socket.failure();
  if (!where.is_path()) return refuse(errc::not_supported);
  if (all_claimed().contains(where.text())) return refuse(errc::address_in_use);
  auto lock = new_handle(std::make_shared<path_claim>());
  if (!lock) return lock.failure();
  if (const auto made = make_local_file(*socket, where, wanted); !made) return made.failure();
  (*socket)->name = where;
  (*socket)->bound = true;
  all_claimed().emplace(where.text());
  return detail::claim_record{lock->release(), 0, (*socket)->serial};
}

void release_path(const local_address& where, const detail::claim_record& record,
                  bool removes_file) noexcept {
  const auto held = enter();
  if (removes_file) remove_local_file(record.number, where);
  all_claimed().erase(std::string{where.text()});
  close(record.lock);
}

// --- handles, which are the network's own

result<std::size_t> try_send_handles(native_handle s, const_bytes data,
                                     std::span<const native_handle> handles) noexcept {
  auto held = enter();
  std::vector<object_ref> named;
  for (const auto handle : handles) {
    if (handle != native_handle::invalid && !is_ours(handle)) return refuse(errc::not_supported);
    auto one = object_of(handle);
    if (!one) return one.failure();
    named.push_back(std::move(*one));
  }
  return send_some(held, s, {&data, 1}, false, std::move(named));
}

result<received_handles> try_receive_handles(native_handle s, mutable_bytes buffer,
                                             std::span<unique_handle> room) noexcept {
  auto held = enter();
  std::vector<object_ref> came;
  const auto size = receive_some(held, s, {&buffer, 1}, false, &came);
  if (!size) return size.failure();
  received_handles got{.size = *size, .count = 0, .truncated = came.size() > room.size()};
  for (const auto& each : std::span{came}.first((std::min)(came.size(), room.size()))) {
    auto handle = new_handle(each);
    if (!handle) got.truncated = true;
    if (handle) room[got.count++] = std::move(*handle);
  }
  drop(came);
  return got;
}

// --- datagrams

result<> try_send_local(native_handle s, const_bytes datagram, const local_address& peer) noexcept {
  const auto held = enter();
  const auto from = find_as<local_datagrams>(s);
  if (!from) return from.failure();
  if (datagram.size() > static_cast<std::size_t>((**from)[option_id::send_buffer]))
    return refuse(errc::message_too_large);
  const auto there = local_socket_at(peer, (*from)->home);
  if (!there) return there.failure();
  const auto to = std::dynamic_pointer_cast<local_datagrams>(*there);
  if (!to) return refuse(errc::wrong_protocol);
  if (to->arrived.size() >= most_waiting) return refuse(errc::would_block);
  to->arrived.push_back({(*from)->name, {datagram.begin(), datagram.end()}});
  changed();
  return {};
}

result<received_locally> receive_local(native_handle s, mutable_bytes buffer) noexcept {
  return memory::receive_local(s, buffer, true);
}
result<received_locally> try_receive_local(native_handle s, mutable_bytes buffer) noexcept {
  return memory::receive_local(s, buffer, false);
}

}  // namespace portsock::platform
