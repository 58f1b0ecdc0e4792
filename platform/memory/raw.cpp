// SPDX-License-Identifier: MIT

// Raw packets and pings.

#include <platform/icmp_batch.hpp>

#include "packets.hpp"

namespace portsock::platform {

using namespace memory;

namespace {

result<> send_one(native_handle s, const_bytes payload, const ip_address& peer,
                  bool header_included, std::uint8_t hop_limit = 0) noexcept {
  const auto held = enter();
  const auto from = find_as<packet_socket>(s);
  if (!from) return from.failure();
  if (hop_limit == 0) hop_limit = hop_limit_of(**from, peer);
  return send_raw_packet(**from, payload, peer, header_included, hop_limit);
}

result<raw_received> receive_one(native_handle s, mutable_bytes buffer, bool waits) noexcept {
  if (buffer.empty()) return fail(errc::invalid_argument);
  auto held = enter();
  const auto at = find_as<packet_socket>(s);
  if (!at) return at.failure();
  const auto got = next_packet(held, **at, waits);
  if (!got) return got.failure();
  const auto part = spread(*got, {&buffer, 1});
  return raw_received{got->source, part.size, part.truncated, got->hop_limit};
}

}  // namespace

result<> include_header(native_handle s) noexcept {
  const auto held = enter();
  const auto at = find_as<packet_socket>(s);
  if (!at) return at.failure();
  return {};
}

result<> send_raw(native_handle s, const_bytes packet, const ip_address& peer,
                  bool header_included) noexcept {
  return send_one(s, packet, peer, header_included);
}
result<> try_send_raw(native_handle s, const_bytes packet, const ip_address& peer,
                      bool header_included) noexcept {
  return send_one(s, packet, peer, header_included);
}
result<raw_received> receive_raw(native_handle s, mutable_bytes buffer) noexcept {
  return receive_one(s, buffer, true);
}
result<raw_received> try_receive_raw(native_handle s, mutable_bytes buffer) noexcept {
  return receive_one(s, buffer, false);
}

void filter_echo(native_handle s, family) noexcept {
  const auto held = enter();
  if (const auto at = find_as<packet_socket>(s)) (*at)->filters_echo = true;
}
void filter_identifier(native_handle s, family, std::uint16_t identifier) noexcept {
  const auto held = enter();
  if (const auto at = find_as<packet_socket>(s)) (*at)->identifier = identifier;
}
result<> allow_flow_label(native_handle, std::uint32_t) noexcept {
  return fail(errc::not_supported);
}

std::optional<std::uint16_t> icmp_datagram_identifier(native_handle s) noexcept {
  const auto held = enter();
  const auto at = find_as<packet_socket>(s);
  return at ? (*at)->identifier : std::nullopt;
}
std::string_view icmp_access_hint() noexcept { return "the network in memory lets everybody ping"; }

void report_icmp_times(native_handle, family) noexcept {
  // Every packet knows when it came.
}
void expect_small_packets(native_handle, family) noexcept {
  // They cost the same.
}

result<std::size_t> send_icmp(native_handle s, std::span<icmp_packet_out> packets, bool) noexcept {
  std::size_t done = 0;
  for (auto& each : packets.first((std::min)(packets.size(), icmp_batch_size))) {
    const auto sent = send_one(s, each.packet, each.peer, false, each.hop_limit);
    if (!sent && done == 0) return sent.failure();
    if (!sent) break;
    each.left = clock::now();
    each.unsure = {};
    ++done;
  }
  return done;
}

result<std::size_t> receive_icmp(native_handle s, std::span<icmp_packet_in> packets) noexcept {
  auto held = enter();
  const auto at = find_as<packet_socket>(s);
  if (!at) return at.failure();
  std::size_t done = 0;
  for (auto& each : packets.first((std::min)(packets.size(), icmp_batch_size))) {
    const auto got = next_packet(held, **at, false);
    if (!got && done == 0) return got.failure();
    if (!got) break;
    const auto part = spread(*got, {&each.room, 1});
    // What was cut does not count.
    each.packet = part.truncated ? const_bytes{} : const_bytes{each.room.first(part.size)};
    each.from = got->source;
    each.hop_limit = got->hop_limit;
    each.arrival = got->arrival;
    each.stamped = true;
    ++done;
  }
  return done;
}

result<std::size_t> receive_icmp_notices(native_handle, std::span<icmp_notice>) noexcept {
  return refuse(errc::would_block);
}

}  // namespace portsock::platform
