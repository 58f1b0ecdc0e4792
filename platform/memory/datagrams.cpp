// SPDX-License-Identifier: MIT

// Datagrams, one by one and in batches, and what is told beside them.

#include <algorithm>

#include <platform/reports.hpp>

#include "host_system.hpp"
#include "packets.hpp"

namespace portsock::platform {

using namespace memory;

namespace {

result<std::shared_ptr<packet_socket>> find(native_handle s) noexcept {
  return find_as<packet_socket>(s);
}

result<> send_one(native_handle s, std::span<const const_bytes> parts, const native_endpoint* peer,
                  const send_details& how = {}) noexcept {
  if (parts.size() > max_buffers) return fail(errc::invalid_argument);
  const auto held = enter();
  const auto from = find(s);
  if (!from) return from.failure();
  const auto to = peer != nullptr ? peer->to_endpoint() : endpoint{};
  return send_packet(**from, parts, peer != nullptr ? &to : nullptr, how);
}

/// Failures that ICMP reported are for those who asked for them.
result<packet> receive_one(guard& held, packet_socket& at, bool waits) {
  for (;;) {
    auto got = next_packet(held, at, waits);
    const bool is_report =
        !got && (got.error() == errc::connection_refused || is_unreachable(got.error()));
    if (!is_report || at.reports_unreachable) return got;
  }
}

result<received_part> receive_parts(native_handle s, std::span<const mutable_bytes> buffers,
                                    native_endpoint* from, datagram_details* details,
                                    bool waits) noexcept {
  const bool room = std::ranges::any_of(buffers, [](const auto& each) { return !each.empty(); });
  if (!room || buffers.size() > max_buffers) return fail(errc::invalid_argument);
  auto held = enter();
  const auto at = find(s);
  if (!at) return at.failure();
  const auto got = receive_one(held, **at, waits);
  if (!got) return got.failure();
  if (from != nullptr) *from = endpoint{got->source, got->source_port};
  if (details != nullptr) {
    const auto& wanted = (*at)->reports;
    *details = {};
    if (wanted.destination) {
      details->destination = got->destination;
      details->interface_index = got->interface_index;
    }
    if (wanted.hop_limit) details->hop_limit = got->hop_limit;
    if (wanted.traffic_class) details->traffic_class = got->traffic_class;
    if (wanted.arrival) details->arrival = wall_time_of(got->arrival);
  }
  return spread(*got, buffers);
}

result<received> receive_named(native_handle s, std::span<const mutable_bytes> buffers,
                               bool waits) noexcept {
  result<received> got{std::in_place};
  const auto part = receive_parts(s, buffers, &got->from, nullptr, waits);
  if (!part) return part.failure();
  got->size = part->size;
  got->truncated = part->truncated;
  return got;
}

std::int64_t bare(const result<>& outcome, std::size_t size) {
  if (outcome) return static_cast<std::int64_t>(size);
  set_last_failure(outcome.error());
  return -1;
}

template <class Received>
std::int64_t bare(const Received& got, std::size_t size) {
  if (got) return static_cast<std::int64_t>(got->truncated ? size + 1 : got->size);
  set_last_failure(got.error());
  return -1;
}

const_bytes bytes_at(const void* data, std::size_t size) noexcept {
  return {static_cast<const std::byte*>(data), size};
}
mutable_bytes bytes_at(void* data, std::size_t size) noexcept {
  return {static_cast<std::byte*>(data), size};
}

}  // namespace

std::int64_t bare_send_to(native_handle s, const void* data, std::size_t size,
                          const native_endpoint& peer) {
  const auto part = bytes_at(data, size);
  return bare(send_one(s, {&part, 1}, &peer), size);
}
result<> send_to(native_handle s, std::span<const const_bytes> datagram,
                 const native_endpoint& peer) noexcept {
  return send_one(s, datagram, &peer);
}
result<> try_send_to(native_handle s, std::span<const const_bytes> datagram,
                     const native_endpoint& peer) noexcept {
  return send_one(s, datagram, &peer);
}
result<> send_datagram(native_handle s, std::span<const const_bytes> datagram) noexcept {
  return send_one(s, datagram, nullptr);
}
result<> try_send_datagram(native_handle s, std::span<const const_bytes> datagram) noexcept {
  return send_one(s, datagram, nullptr);
}

namespace memory {
std::int64_t bare_send_datagram(native_handle s, const void* data, std::size_t size) {
  const auto part = bytes_at(data, size);
  return bare(send_one(s, {&part, 1}, nullptr), size);
}
}  // namespace memory

std::int64_t bare_receive_from(native_handle s, void* buffer, std::size_t size,
                               native_endpoint& from) {
  const auto part = bytes_at(buffer, size);
  return bare(receive_parts(s, {&part, 1}, &from, nullptr, true), size);
}
std::int64_t bare_receive_datagram(native_handle s, void* buffer, std::size_t size) {
  const auto part = bytes_at(buffer, size);
  return bare(receive_parts(s, {&part, 1}, nullptr, nullptr, true), size);
}
result<received> receive_from(native_handle s, std::span<const mutable_bytes> buffers) noexcept {
  return receive_named(s, buffers, true);
}
result<received> try_receive_from(native_handle s,
                                  std::span<const mutable_bytes> buffers) noexcept {
  return receive_named(s, buffers, false);
}
result<received_part> receive_datagram(native_handle s,
                                       std::span<const mutable_bytes> buffers) noexcept {
  return receive_parts(s, buffers, nullptr, nullptr, true);
}
result<received_part> try_receive_datagram(native_handle s,
                                           std::span<const mutable_bytes> buffers) noexcept {
  return receive_parts(s, buffers, nullptr, nullptr, false);
}

// --- batches

namespace {

template <class Datagram, class Send>
sent_batch send_each(std::span<const Datagram> all, Send send) noexcept {
  for (std::size_t done = 0; done != all.size(); ++done)
    if (const auto sent = send(all[done]); !sent) return {done, sent.error()};
  return {all.size(), std::nullopt};
}

template <class Room, class Receive>
result<std::size_t> receive_each(std::span<Room> rooms, patience waits, Receive receive) noexcept {
  if (std::ranges::any_of(rooms, [](const Room& room) { return room.buffer.empty(); }))
    return fail(errc::invalid_argument);
  for (std::size_t done = 0; done != rooms.size(); ++done) {
    const auto got = receive(rooms[done], done == 0 && waits == patience::of_the_socket);
    if (got) continue;
    if (done == 0) return got.failure();
    return done;
  }
  return rooms.size();
}

}  // namespace

sent_batch send_batch(native_handle s, std::span<const outgoing> all, patience) noexcept {
  return send_each(all,
                   [s](const outgoing& one) { return send_one(s, {&one.datagram, 1}, &one.peer); });
}
sent_batch send_batch(native_handle s, std::span<const const_bytes> all, patience) noexcept {
  return send_each(all, [s](const const_bytes& one) { return send_one(s, {&one, 1}, nullptr); });
}
result<std::size_t> receive_batch(native_handle s, std::span<incoming> rooms,
                                  patience waits) noexcept {
  return receive_each(rooms, waits, [s](incoming& one, bool may_wait) -> result<> {
    const auto got = receive_named(s, {&one.buffer, 1}, may_wait);
    if (!got) return got.failure();
    static_cast<received&>(one) = *got;
    return {};
  });
}
result<std::size_t> receive_batch(native_handle s, std::span<incoming_part> rooms,
                                  patience waits) noexcept {
  return receive_each(rooms, waits, [s](incoming_part& one, bool may_wait) -> result<> {
    const auto got = receive_parts(s, {&one.buffer, 1}, nullptr, nullptr, may_wait);
    if (!got) return got.failure();
    static_cast<received_part&>(one) = *got;
    return {};
  });
}

// --- details

result<detail_set> report_details(native_handle s, detail_set wanted) noexcept {
  const auto held = enter();
  const auto at = find(s);
  if (!at) return at.failure();
  return (*at)->reports = wanted;
}

result<received_part> receive_detailed(native_handle s, mutable_bytes buffer, native_endpoint* from,
                                       datagram_details& details, patience waits) noexcept {
  return receive_parts(s, {&buffer, 1}, from, &details, waits == patience::of_the_socket);
}

result<> send_detailed(native_handle s, const_bytes datagram, const native_endpoint* peer,
                       const send_details& how, patience) noexcept {
  return send_one(s, {&datagram, 1}, peer, how);
}

// Each may be sent by itself.
result<> send_segmented(native_handle, const_bytes, std::size_t, const native_endpoint*,
                        const send_details&, patience) noexcept {
  return fail(errc::not_supported);
}
result<bool> coalesce(native_handle, bool) noexcept { return false; }

result<std::uint64_t> discarded_by(native_handle s) noexcept {
  const auto held = enter();
  const auto at = find(s);
  if (!at) return at.failure();
  return (*at)->discarded;
}

// --- reports

result<> report_unreachable(native_handle s) noexcept {
  const auto held = enter();
  const auto at = find(s);
  if (!at) return at.failure();
  (*at)->reports_unreachable = true;
  return {};
}

error explain_report(error reason) noexcept { return reason; }

result<> try_send_reporting(native_handle s, const_bytes datagram) noexcept {
  return send_one(s, {&datagram, 1}, nullptr);
}

result<std::size_t> try_receive_reporting(native_handle s, mutable_bytes buffer) noexcept {
  auto held = enter();
  const auto at = find(s);
  if (!at) return at.failure();
  const auto got = next_packet(held, **at, false);
  if (!got) return got.failure();
  const auto part = spread(*got, {&buffer, 1});
  return part.size + (part.truncated ? 1 : 0);
}

// --- groups

namespace {

bool are_alike(const membership& one, const membership& other) noexcept {
  return one.group == other.group && one.source == other.source &&
         one.interface_index == other.interface_index;
}

}  // namespace

result<> join(native_handle s, const membership& wanted) noexcept {
  const auto held = enter();
  const auto at = find(s);
  if (!at) return at.failure();
  auto& groups = (*at)->groups;
  if (wanted.interface_index != 0 && interface_of((*at)->home, wanted.interface_index) == nullptr)
    return refuse(errc::address_not_available);
  const auto same = [&wanted](const membership& each) { return are_alike(each, wanted); };
  if (std::ranges::none_of(groups, same)) groups.push_back(wanted);
  return {};
}

result<> leave(native_handle s, const membership& wanted) noexcept {
  const auto held = enter();
  const auto at = find(s);
  if (!at) return at.failure();
  std::erase_if((*at)->groups,
                [&wanted](const membership& each) { return are_alike(each, wanted); });
  return {};
}

}  // namespace portsock::platform
