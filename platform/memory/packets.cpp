// SPDX-License-Identifier: MIT
#include "packets.hpp"

#include <algorithm>

#include <portsock/icmp.hpp>

#include "ports.hpp"

namespace portsock::platform::memory {
namespace {

/// What a packet weighs in a buffer beside its bytes.
constexpr std::size_t weight = 64;

std::size_t largest_payload(family of) noexcept { return of == family::v4 ? 65'507 : 65'527; }

/// Where the socket's multicasts leave.
std::uint32_t multicast_interface_of(const packet_socket& from, const send_details& how) noexcept {
  if (how.interface_index.value_or(0) != 0) return *how.interface_index;
  if (from.has(option_id::multicast_interface))
    return static_cast<std::uint32_t>(from[option_id::multicast_interface]);
  return facts_of(from.home).interfaces.back().index;
}

result<ip_address> source_of(const packet_socket& from, const ip_address& to,
                             const send_details& how) noexcept {
  if (how.source) {
    if (!has_address(from.home, *how.source)) return refuse(errc::address_not_available);
    return *how.source;
  }
  if (!is_unspecified(from.local.address) && !is_multicast(from.local.address) &&
      family_of(from.local.address) == family_of(to))
    return from.local.address;
  return source_for(from.home, to);
}

result<> check_destination(const packet_socket& from, const ip_address& to) noexcept {
  if (family_of(to) != from.of && !(from.of == family::v6 && from.takes_v4()))
    return refuse(from.of == family::v6 ? errc::network_unreachable : errc::family_not_supported);
  if (broadcast_interface(from.home, to) != nullptr) {
    if (!from.has(option_id::broadcast)) return refuse(errc::access_denied);
    return {};
  }
  if (is_multicast(to)) return {};
  const auto there = route(from.home, to);
  if (!there) return there.failure();
  const auto by = from[option_id::outgoing_interface];
  const auto* leads_there = interface_with(from.home, to);
  if (by != 0 && leads_there == nullptr &&
      interface_of(from.home, static_cast<std::uint32_t>(by))->loopback)
    return refuse(errc::network_unreachable);
  return {};
}

/// To the groups' members on this host, whom no path leads to.
void send_to_own_members(const packet_socket& from, packet what) {
  what.arrival = moment();
  if (from.has(option_id::multicast_loop)) deliver(from.home, std::move(what));
}

void send_off(const packet_socket& from, packet made, const send_details& how) {
  if (is_multicast(made.destination)) {
    made.interface_index = multicast_interface_of(from, how);
    send_to_own_members(from, made);
  }
  transmit(from.home, std::move(made));
}

}  // namespace

std::uint8_t hop_limit_of(const socket_object& from, const ip_address& to) noexcept {
  const auto which = is_multicast(to) ? option_id::multicast_hop_limit : option_id::hop_limit;
  return static_cast<std::uint8_t>(from[which]);
}

readiness_state packet_socket::state() const {
  return {!arrived.empty() || pending, true, pending.has_value(), false};
}

void packet_socket::let_go() {
  if (has_port())
    leave_port(*this);
  else
    remove_raw(*this);
  arrived.clear();
}

void packet_socket::take(const packet& what) {
  const auto cost = what.payload.size() + weight;
  if (held + cost > static_cast<std::size_t>((*this)[option_id::receive_buffer]) &&
      !arrived.empty()) {
    ++discarded;
    return;
  }
  held += cost;
  arrived.push_back(what);
  changed();
}

result<> send_packet(packet_socket& from, std::span<const const_bytes> parts, const endpoint* peer,
                     const send_details& how) {
  if (from.pending) return fail(*std::exchange(from.pending, std::nullopt));
  if (peer == nullptr && !from.peer) return refuse(errc::destination_required);
  const auto to = peer != nullptr ? *peer : *from.peer;
  if (to.port == 0) return refuse(errc::invalid_argument);
  if (how.source && family_of(*how.source) != family_of(to.address))
    return fail(errc::invalid_argument);
  if (how.interface_index.value_or(0) != 0 &&
      interface_of(from.home, *how.interface_index) == nullptr)
    return refuse(errc::address_not_available);
  packet made;
  for (const auto& part : parts) made.payload.insert(made.payload.end(), part.begin(), part.end());
  if (made.payload.size() > largest_payload(family_of(to.address)))
    return refuse(errc::message_too_large);
  if (const auto may = check_destination(from, to.address); !may) return may;
  const auto source = source_of(from, to.address, how);
  if (!source) return source.failure();
  if (!from.bound)
    if (const auto bound = take_any_port(from, any(from.of)); !bound) return bound;

  made.source = *source;
  made.destination = to.address;
  made.protocol = udp;
  made.source_port = from.local.port;
  made.destination_port = to.port;
  made.hop_limit =
      static_cast<std::uint8_t>(how.hop_limit.value_or(hop_limit_of(from, to.address)));
  made.traffic_class = static_cast<std::uint8_t>(
      how.traffic_class.value_or(static_cast<int>(from[option_id::traffic_class])));
  made.dont_fragment = from.has(option_id::dont_fragment);
  send_off(from, std::move(made), how);
  return {};
}

result<packet> next_packet(guard& held, packet_socket& at, bool waits) {
  for (;;) {
    if (at.pending) return fail(*std::exchange(at.pending, std::nullopt));
    if (!at.arrived.empty()) {
      auto next = std::move(at.arrived.front());
      at.arrived.pop_front();
      at.held -= next.payload.size() + weight;
      return next;
    }
    if (!waits || !at.blocking) return refuse(errc::would_block);
    wait_for(held, [&at] { return at.state().can_receive; });
  }
}

received_part spread(const packet& what, std::span<const mutable_bytes> buffers) noexcept {
  const_bytes left = what.payload;
  std::size_t size = 0;
  for (const auto& part : buffers) {
    const auto now = left.first((std::min)(left.size(), part.size()));
    std::ranges::copy(now, part.begin());
    left = left.subspan(now.size());
    size += now.size();
  }
  return {size, !left.empty()};
}

result<> send_raw_packet(packet_socket& from, const_bytes payload, const ip_address& peer,
                         bool header_included, std::uint8_t hop_limit) {
  if (family_of(peer) != from.of) return refuse(errc::family_not_supported);
  packet made;
  made.destination = peer;
  made.protocol = from.protocol;
  made.hop_limit = hop_limit;
  made.traffic_class = static_cast<std::uint8_t>(from[option_id::traffic_class]);
  made.dont_fragment = from.has(option_id::dont_fragment);
  if (header_included) {
    const auto header = decode_ipv4_header(payload);
    if (!header) return refuse(errc::invalid_argument);
    made.protocol = header->protocol;
    made.hop_limit = header->hop_limit;
    made.traffic_class = header->traffic_class;
    made.dont_fragment = header->dont_fragment;
    payload = payload.subspan(header->header_size);
    made.source = header->source;
  }
  if (payload.size() > largest_payload(from.of) + 8) return refuse(errc::message_too_large);
  if (const auto may = check_destination(from, peer); !may) return may;
  if (!header_included || is_unspecified(made.source)) {
    const auto source = source_of(from, peer, {});
    if (!source) return source.failure();
    made.source = *source;
  }
  made.payload.assign(payload.begin(), payload.end());
  if (from.is_icmp_datagram) {
    // The identifier is the socket's own, wherever the request says another.
    if (!from.identifier) {
      auto& last = facts_of(from.home).last_identifier;
      from.identifier = ++last == 0 ? ++last : last;
      from.local.port = *from.identifier;
    }
    if (made.payload.size() < icmp::header_size) return refuse(errc::invalid_argument);
    detail::write_16(made.payload, 4, *from.identifier);
    if (from.of == family::v4) {
      detail::write_16(made.payload, 2, 0);
      detail::write_16(made.payload, 2, checksum(made.payload));
    }
  }
  if (from.of == family::v6 && from.protocol == icmp_v6 && made.payload.size() >= icmp::header_size)
    icmp::fill_checksum(made.payload, as_v6(made.source), as_v6(made.destination));
  if (made.protocol == udp && !take_udp_header(made)) return {};  // no host hears it
  send_off(from, std::move(made), {});
  return {};
}

}  // namespace portsock::platform::memory
