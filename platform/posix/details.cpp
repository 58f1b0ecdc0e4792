// SPDX-License-Identifier: MIT

// What stands in a datagram's headers, as control messages of recvmsg and sendmsg.

#include "details.hpp"

#include <platform/bsd/destination.hpp>
#include <platform/bsd/sockaddr.hpp>
#include <platform/contract.hpp>

#include "datagram.hpp"
#include "native.hpp"
#include "system.hpp"

namespace portsock::platform {
namespace {

/// Reports of IPv4 datagrams' headers, which an IPv6 socket that takes both needs too.
detail_set report_v4(int s, const detail_set& wanted) noexcept {
  return {.destination = report_v4_destination(s, wanted.destination) == 0,
          .hop_limit = set_number(s, IPPROTO_IP, IP_RECVTTL, wanted.hop_limit) == 0,
          .traffic_class = set_number(s, IPPROTO_IP, IP_RECVTOS, wanted.traffic_class) == 0};
}
detail_set report_v6(int s, const detail_set& wanted) noexcept {
  return {
      .destination = set_number(s, IPPROTO_IPV6, IPV6_RECVPKTINFO, wanted.destination) == 0,
      .hop_limit = set_number(s, IPPROTO_IPV6, IPV6_RECVHOPLIMIT, wanted.hop_limit) == 0,
      .traffic_class = set_number(s, IPPROTO_IPV6, IPV6_RECVTCLASS, wanted.traffic_class) == 0,
  };
}

void read_detail(const control_item& item, datagram_details& into) noexcept {
  if (item.level == IPPROTO_IPV6 && item.type == IPV6_PKTINFO) {
    if (const auto info = item.as<in6_pktinfo>())
      take_destination(from_native(info->ipi6_addr), info->ipi6_ifindex, into);
  } else if ((item.level == IPPROTO_IPV6 && item.type == IPV6_HOPLIMIT) ||
             (item.level == IPPROTO_IP && item.type == received_ttl)) {
    into.hop_limit = item.octet();
  } else if ((item.level == IPPROTO_IPV6 && item.type == IPV6_TCLASS) ||
             (item.level == IPPROTO_IP && item.type == received_tos)) {
    into.traffic_class = item.octet();
  } else {
    read_system_detail(item, into);
  }
}

void add_v6(native_control_writer& control, const send_details& how) noexcept {
  if (how.source || how.interface_index) {
    in6_pktinfo info{};
    if (how.source) info.ipi6_addr = to_native(std::get<ipv6_address>(*how.source));
    info.ipi6_ifindex = how.interface_index.value_or(0);
    control.add(IPPROTO_IPV6, IPV6_PKTINFO, info);
  }
  if (how.hop_limit) control.add(IPPROTO_IPV6, IPV6_HOPLIMIT, *how.hop_limit);
  if (how.traffic_class) control.add(IPPROTO_IPV6, IPV6_TCLASS, *how.traffic_class);
}

result<> add_v4(native_handle s, native_control_writer& control, const send_details& how) noexcept {
  if (how.source || how.interface_index)
    if (auto added = add_v4_source(s, control, how); !added) return added.failure();
  if (how.hop_limit)
    if (auto added = add_v4_hop_limit(control, *how.hop_limit); !added) return added.failure();
  if (how.traffic_class) add_v4_traffic_class(control, *how.traffic_class);
  return {};
}

}  // namespace

result<> add_details(native_handle s, native_control_writer& control, const native_endpoint* peer,
                     const send_details& how) noexcept {
  const auto to = peer != nullptr ? peer->to_endpoint() : peer_endpoint(s).value_or(endpoint{});
  if (how.source && family_of(*how.source) != family_of(to.address))
    return fail(errc::invalid_argument);
  if (family_of(to.address) == family::v4) return add_v4(s, control, how);
  add_v6(control, how);
  return {};
}

result<detail_set> report_details(native_handle s, detail_set wanted) noexcept {
  const auto facts = inspect(s);
  if (!facts) return facts.failure();
  const int fd = descriptor(s);
  auto given = report_v4(fd, wanted);
  if (facts->of == family::v6) given = report_v6(fd, wanted);
  given.arrival = report_arrival(fd, wanted.arrival) == 0;
  return detail_set{.destination = given.destination && wanted.destination,
                    .hop_limit = given.hop_limit && wanted.hop_limit,
                    .traffic_class = given.traffic_class && wanted.traffic_class,
                    .arrival = given.arrival && wanted.arrival};
}

result<received_part> receive_detailed(native_handle s, mutable_bytes buffer, native_endpoint* from,
                                       datagram_details& details, patience waits) noexcept {
  if (buffer.empty()) return fail(errc::invalid_argument);
  iovec part{buffer.data(), buffer.size()};
  control_room room;
  msghdr message{};
  message.msg_iov = &part;
  message.msg_iovlen = 1;
  room.attach_to(message);
  const auto size = receive_message(s, message, from, flags_of(waits));
  if (size < 0) return std::unexpected{last_error()};
  details = {};
  auto control = control_of(message);
  while (const auto item = control.next()) read_detail(*item, details);
  return received_part{static_cast<std::size_t>(size), (message.msg_flags & MSG_TRUNC) != 0};
}

result<> send_detailed(native_handle s, const_bytes datagram, const native_endpoint* peer,
                       const send_details& how, patience waits) noexcept {
  native_control_writer control;
  if (auto added = add_details(s, control, peer, how); !added) return added.failure();
  iovec part{const_cast<std::byte*>(datagram.data()), datagram.size()};
  msghdr message{};
  message.msg_iov = &part;
  message.msg_iovlen = 1;
  attach(control, message);
  if (send_message(s, message, peer, flags_of(waits)) >= 0) return {};
  return std::unexpected{send_error(errno)};
}

}  // namespace portsock::platform
