// SPDX-License-Identifier: MIT

// What a host does with a packet: its sockets get it, and what no socket answers, it answers.

#include <algorithm>

#include <portsock/icmp.hpp>

#include "ports.hpp"

namespace portsock::platform::memory {
namespace {

bool is_member(const packet_socket& one, const packet& what) {
  return std::ranges::any_of(one.groups, [&what](const membership& each) {
    return each.group == what.destination && (!each.source || *each.source == what.source) &&
           (each.interface_index == 0 || each.interface_index == what.interface_index);
  });
}

bool is_all_hosts(const ip_address& group) noexcept {
  using namespace literals;
  const auto* v6 = std::get_if<ipv6_address>(&group);
  return v6 == nullptr ? group == "224.0.0.1"_ip
                       : ip_address{ipv6_address{v6->bytes}} == "ff02::1"_ip;
}

/// Whether the group is one of all hosts, or a socket of this one has joined it.
bool hears_group(std::size_t host, const packet& what) {
  if (is_all_hosts(what.destination)) return true;
  bool joined = false;
  each_packet_socket(host, [&](const packet_socket& one) { joined |= is_member(one, what); });
  return joined;
}

/// To a socket of UDP, or to all where it is for many. Whether there was one.
bool to_sockets_of_udp(std::size_t host, const packet& what) {
  const bool for_many =
      is_multicast(what.destination) || broadcast_interface(host, what.destination) != nullptr;
  const endpoint from{what.source, what.source_port};
  std::vector<packet_socket*> found;
  each_bound(host, udp, what.destination_port, [&](socket_object& each) {
    auto& one = dynamic_cast<packet_socket&>(each);
    if (!is_bound_to(one, what.destination) || !one.hears_interface(what.interface_index)) return;
    if (one.peer && *one.peer != from) return;
    if (is_multicast(what.destination) && !is_member(one, what)) return;
    found.push_back(&one);
  });
  if (found.empty()) return for_many;
  if (for_many) {
    for (auto* each : found) each->take(what);
    return true;
  }
  // The one that is meant most exactly: connected, then bound to the address.
  const auto exactness = [](const packet_socket* one) {
    return (one->peer ? 2 : 0) + (is_unspecified(one->local.address) ? 0 : 1);
  };
  const auto best = exactness(*std::ranges::max_element(found, {}, exactness));
  std::erase_if(found, [&](const auto* each) { return exactness(each) != best; });
  const bool balances = found.front()->policy == bind_policy::load_balanced;
  found[balances ? balanced(found.size(), from) : found.size() - 1]->take(what);
  return true;
}

/// What a raw socket that pings is deaf to.
bool is_filtered(const packet_socket& one, const icmp::message& message) {
  if (one.filters_echo && (std::holds_alternative<icmp::echo_request>(message) ||
                           std::holds_alternative<icmp::other>(message)))
    return true;
  if (!one.identifier) return false;
  if (const auto* reply = std::get_if<icmp::echo_reply>(&message))
    return reply->identifier != *one.identifier;
  return std::visit(
      [&one]<class Message>(const Message& which) {
        if constexpr (requires { which.original; }) {
          const auto& about = which.original;
          return about.request ? about.request->identifier != *one.identifier
                               : about.protocol == tcp || about.protocol == udp;
        } else {
          return false;
        }
      },
      message);
}

/// Without rights: the replies to its own requests, and nothing else.
bool is_for_ping_socket(const packet_socket& one, const icmp::message& message) {
  const auto* reply = std::get_if<icmp::echo_reply>(&message);
  return reply != nullptr && one.identifier && reply->identifier == *one.identifier;
}

void answer_echo(std::size_t host, const packet& what, const icmp::echo_request& request) {
  packet answer;
  answer.source = what.destination;
  if (is_multicast(what.destination) || broadcast_interface(host, what.destination) != nullptr) {
    const auto own = source_for(host, what.source);
    if (!own) return;
    answer.source = *own;
  }
  answer.destination = what.source;
  answer.protocol = what.protocol;
  answer.traffic_class = what.traffic_class;
  answer.payload.resize(what.payload.size());
  static_cast<void>(
      icmp::encode(icmp::echo_reply{request}, family_of(what.source), answer.payload));
  if (family_of(what.source) == family::v6)
    icmp::fill_checksum(answer.payload, as_v6(answer.source), as_v6(answer.destination));
  transmit(host, std::move(answer));
}

}  // namespace

void to_raw_sockets(std::size_t host, const packet& what) {
  const auto of = family_of(what.destination);
  const auto message = what.protocol == icmp_of(of) ? icmp::decode(what.payload, of) : std::nullopt;
  std::vector<packet_socket*> found;
  each_raw(host, [&](packet_socket& one) {
    if (one.of != of || one.protocol != what.protocol) return;
    if (!is_bound_to(one, what.destination) || !one.hears_interface(what.interface_index)) return;
    if (message &&
        (one.is_icmp_datagram ? !is_for_ping_socket(one, *message) : is_filtered(one, *message)))
      return;
    if (!message && (one.is_icmp_datagram || one.filters_echo)) return;
    found.push_back(&one);
  });
  if (found.empty()) return;
  auto whole = what;
  whole.payload = upper_part(what);
  for (auto* each : found) each->take(whole);
}

void deliver(std::size_t to, packet what) {
  const auto* by = interface_with(to, what.destination);
  if (by == nullptr) by = broadcast_interface(to, what.destination);
  // What came from elsewhere came by the interface that leads there.
  if (is_loopback(what.source) && !is_multicast(what.destination))
    by = &facts_of(to).interfaces.front();
  if (by == nullptr && interface_with(to, what.source) == nullptr)
    by = &facts_of(to).interfaces.back();
  if (by != nullptr) what.interface_index = by->index;

  if (is_multicast(what.destination) && !hears_group(to, what)) return;
  to_raw_sockets(to, what);
  const auto of = family_of(what.destination);
  if (what.protocol == icmp_of(of)) {
    const auto message = icmp::decode(what.payload, of);
    if (!message) return;
    if (const auto* request = std::get_if<icmp::echo_request>(&*message))
      answer_echo(to, what, *request);
    return;
  }
  if (what.protocol != udp || to_sockets_of_udp(to, what)) return;
  // Nobody is at that port: the sender is told, over the way back.
  const auto back = route(to, what.source);
  if (!back || !*back) return;
  const auto& way = path_between(to, **back);
  if (gets_lost(way, flow{what.destination, what.source, icmp_of(of), 0, 0})) return;
  if (way.latency > duration::zero())
    after(way.latency, [back = **back, of, what = std::move(what)] {
      report(back, what.destination, of == family::v4 ? 3 : 1, of == family::v4 ? 3 : 4, 0, what);
    });
  else
    report(**back, what.destination, of == family::v4 ? 3 : 1, of == family::v4 ? 3 : 4, 0, what);
}

}  // namespace portsock::platform::memory
