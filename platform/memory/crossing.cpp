// SPDX-License-Identifier: MIT

// What becomes of a packet on its way from one host to another.

#include <algorithm>

#include <portsock/ip_header.hpp>

#include "hosts.hpp"

namespace portsock::platform::memory {

std::vector<std::byte> upper_part(const packet& what) {
  const std::size_t header = what.protocol == udp ? udp_header_size : 0;
  std::vector<std::byte> upper(header + what.payload.size());
  if (header != 0) {
    detail::write_16(upper, 0, what.source_port);
    detail::write_16(upper, 2, what.destination_port);
    detail::write_16(upper, 4, static_cast<std::uint16_t>(upper.size()));
  }
  std::ranges::copy(what.payload, upper.end() - std::ssize(what.payload));
  return upper;
}

bool take_udp_header(packet& what) {
  auto& upper = what.payload;
  if (upper.size() < udp_header_size) return false;
  const std::size_t size = detail::read_16(upper, 4);
  if (size < udp_header_size || size > upper.size()) return false;
  what.source_port = detail::read_16(upper, 0);
  what.destination_port = detail::read_16(upper, 2);
  upper.resize(size);
  upper.erase(upper.begin(), upper.begin() + udp_header_size);
  return true;
}

namespace {

flow flow_of(const packet& what) {
  return {what.source, what.destination, what.protocol, what.source_port, what.destination_port};
}

/// Not where the host has moved meanwhile.
bool is_for(std::size_t host, const ip_address& destination) noexcept {
  return is_multicast(destination) || has_address(host, destination) ||
         broadcast_interface(host, destination) != nullptr;
}

void arrive(std::size_t to, packet what, time_point when) {
  if (when <= moment()) {
    what.arrival = moment();
    deliver(to, std::move(what));
    return;
  }
  at(when, [to, what = std::move(what), when]() mutable {
    if (!is_for(to, what.destination)) {
      ++totals().lost;
      return;
    }
    what.arrival = when;
    deliver(to, std::move(what));
  });
}

/// Whether what is told of a packet gets lost between the hosts.
bool loses_report(std::size_t from, std::size_t to, const ip_address& who, const packet& about) {
  const flow which{who, about.source, icmp_of(family_of(who)), 0, 0};
  return gets_lost(path_between(from, to), which);
}

/// The router where its hops end tells the sender, on half of the way.
void expire(std::size_t from, std::size_t to, const path& way, const packet& what) {
  const auto nth = std::size_t{(std::max)(what.hop_limit, std::uint8_t{1})} - 1;
  if (loses_report(to, from, way.routers[nth], what)) return;
  const auto share = static_cast<double>(nth + 1) / static_cast<double>(way.routers.size() + 1);
  const auto back =
      duration{static_cast<duration::rep>(2 * share * static_cast<double>(way.latency.count()))};
  auto expired = what;
  expired.hop_limit = 1;
  after(back, [from, router = way.routers[nth], expired = std::move(expired)] {
    report(from, router, family_of(expired.source) == family::v4 ? 11 : 3, 0, 0, expired);
  });
}

void cross(std::size_t from, std::size_t to, packet what) {
  auto& way = path_between(from, to);
  const auto which = flow_of(what);
  if (gets_lost(way, which)) return;
  if (from != to && what.hop_limit <= way.routers.size()) {
    expire(from, to, way, what);
    return;
  }
  const bool v4 = family_of(what.source) == family::v4;
  // What is too long for the sender's own interface it divides itself; IPv6 is not divided again.
  const auto undivided = v4 ? size_of(what) : (std::min)(size_of(what), std::size_t{own_mtu});
  if (from != to && undivided > way.mtu && (what.dont_fragment || !v4)) {
    // From the first router that can, or from the far end where there is none.
    const auto router = std::ranges::find(way.routers, family_of(what.source),
                                          [](auto& each) { return family_of(each); });
    const auto who = router == way.routers.end() ? what.destination : *router;
    if (loses_report(to, from, who, what)) return;
    after(way.latency, [from, who, v4, mtu = way.mtu, what = std::move(what)] {
      report(from, who, v4 ? 3 : 2, v4 ? 4 : 0, mtu, what);
    });
    return;
  }
  if (from != to) what.hop_limit = static_cast<std::uint8_t>(what.hop_limit - way.routers.size());
  auto when = arrival_over(way, from, to, size_of(what), which);
  if (way.reordering > 0 && chance(which) < way.reordering) {
    ++totals().reordered;
    when += way.held_back;
  }
  if (way.duplication > 0 && chance(which) < way.duplication) {
    ++totals().duplicated;
    arrive(to, what, when);
  }
  arrive(to, std::move(what), when);
}

}  // namespace

void transmit(std::size_t from, packet what) {
  if (const auto* by = broadcast_interface(from, what.destination)) {
    const bool within = by->loopback;
    for (std::size_t each = 0; each != hosts().size(); ++each)
      if (each == from || (!within && broadcast_interface(each, what.destination) != nullptr &&
                           facts_of(each).interfaces.size() > 1))
        cross(from, each, what);
    return;
  }
  if (is_multicast(what.destination)) {
    const auto* by = interface_of(from, what.interface_index);
    for (std::size_t each = 0; each != hosts().size(); ++each) {
      if (each == from) continue;  // the sender's own part is the socket's affair
      if (by == nullptr || by->loopback || facts_of(each).interfaces.size() == 1) continue;
      if (what.hop_limit == 0) continue;
      cross(from, each, what);
    }
    return;
  }
  const auto to = route(from, what.destination);
  if (!to || !*to) {
    ++totals().sent;
    ++totals().lost;
    return;
  }
  cross(from, **to, std::move(what));
}

}  // namespace portsock::platform::memory
