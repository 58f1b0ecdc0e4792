// SPDX-License-Identifier: MIT

// What stands in a datagram's headers, as control messages of WSARecvMsg and WSASendMsg (Microsoft
// Learn, "IPPROTO_IP Socket Options", "Winsock timestamping").

#include "details.hpp"

#include <platform/bsd/destination.hpp>
#include <platform/bsd/sockaddr.hpp>
#include <platform/contract.hpp>

#include "arrival_time.hpp"
#include "constants.hpp"
#include "datagram.hpp"
#include "system.hpp"

namespace portsock::platform {
namespace {

bool report(native_handle s, int level, int name, bool on) noexcept {
  return set_word(s, level, name, on ? 1 : 0).has_value();
}

/// Reports of IPv4 datagrams' headers, which an IPv6 socket that takes both needs too.
detail_set report_v4(native_handle s, const detail_set& wanted) noexcept {
  return {.destination = report(s, IPPROTO_IP, IP_PKTINFO, wanted.destination),
          .hop_limit = report(s, IPPROTO_IP, IP_RECVTTL, wanted.hop_limit),
          .traffic_class = report(s, IPPROTO_IP, IP_RECVTOS, wanted.traffic_class)};
}
detail_set report_v6(native_handle s, const detail_set& wanted) noexcept {
  return {.destination = report(s, IPPROTO_IPV6, IPV6_PKTINFO, wanted.destination),
          .hop_limit = report(s, IPPROTO_IPV6, IPV6_HOPLIMIT, wanted.hop_limit),
          .traffic_class = report(s, IPPROTO_IPV6, IPV6_RECVTCLASS, wanted.traffic_class)};
}

void read_detail(const control_item& item, datagram_details& into) noexcept {
  if (item.level == IPPROTO_IP && item.type == IP_PKTINFO) {
    if (const auto info = item.as<in_pktinfo>())
      take_destination(from_native(info->ipi_addr), info->ipi_ifindex, into);
  } else if (item.level == IPPROTO_IPV6 && item.type == IPV6_PKTINFO) {
    if (const auto info = item.as<in6_pktinfo>())
      take_destination(from_native(info->ipi6_addr), info->ipi6_ifindex, into);
  } else if ((item.level == IPPROTO_IP && item.type == IP_TTL) ||
             (item.level == IPPROTO_IPV6 && item.type == IPV6_HOPLIMIT)) {
    into.hop_limit = item.octet();
  } else if ((item.level == IPPROTO_IP && item.type == IP_TOS) ||
             (item.level == IPPROTO_IPV6 && item.type == IPV6_TCLASS)) {
    into.traffic_class = item.octet();
  } else if (item.level == SOL_SOCKET && item.type == so_timestamp) {
    if (const auto ticks = item.as<std::uint64_t>()) into.arrival = time_of_ticks(*ticks);
  } else if (item.level == IPPROTO_UDP && item.type == udp_coalesced_info) {
    if (const auto size = item.as<DWORD>(); size && *size != 0) into.segment_size = *size;
  }
}

void add_v4(native_control_writer& control, const send_details& how) noexcept {
  if (how.source || how.interface_index) {
    in_pktinfo info{};
    if (how.source) info.ipi_addr = to_native(std::get<ipv4_address>(*how.source));
    info.ipi_ifindex = how.interface_index.value_or(0);
    control.add(IPPROTO_IP, IP_PKTINFO, info);
  }
  if (how.hop_limit) control.add(IPPROTO_IP, IP_TTL, *how.hop_limit);
  if (how.traffic_class) control.add(IPPROTO_IP, IP_TOS, *how.traffic_class);
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

}  // namespace

result<> add_details(native_handle s, native_control_writer& control, const native_endpoint* peer,
                     const send_details& how) noexcept {
  const auto to = peer != nullptr ? peer->to_endpoint() : peer_endpoint(s).value_or(endpoint{});
  if (how.source && family_of(*how.source) != family_of(to.address))
    return fail(errc::invalid_argument);
  if (family_of(to.address) == family::v4)
    add_v4(control, how);
  else
    add_v6(control, how);
  return {};
}

int send_message(native_handle s, const_bytes data, const native_endpoint* peer,
                 const native_control_writer& control) noexcept {
  const auto send = send_message_of(s);
  if (send == nullptr) return WSAEOPNOTSUPP;
  // The system's types have no const; what is sent is not written to.
  WSABUF part{static_cast<ULONG>(length(data.size())), const_cast<char*>(chars(data.data()))};
  const auto bytes = control.bytes();
  WSAMSG message{};
  message.lpBuffers = &part;
  message.dwBufferCount = 1;
  if (peer != nullptr) {
    message.name = const_cast<sockaddr*>(name_of(*peer));
    message.namelen = length_of(*peer);
  }
  if (!bytes.empty())
    message.Control = {static_cast<ULONG>(bytes.size()), const_cast<char*>(chars(bytes.data()))};
  int code = 0;
  for (int attempt = 0; attempt != 2; ++attempt) {
    DWORD size = 0;
    const int outcome = send(descriptor(s), &message, 0, &size, nullptr, nullptr);
    code = outcome == 0 ? 0 : ::WSAGetLastError();
    if (!is_old_news(code)) break;
  }
  return code;
}

result<detail_set> report_details(native_handle s, detail_set wanted) noexcept {
  const auto facts = inspect(s);
  if (!facts) return facts.failure();
  auto given = report_v4(s, wanted);
  if (facts->of == family::v6) given = report_v6(s, wanted);
  given.arrival = report_arrival(s, wanted.arrival);
  return detail_set{.destination = given.destination && wanted.destination,
                    .hop_limit = given.hop_limit && wanted.hop_limit,
                    .traffic_class = given.traffic_class && wanted.traffic_class,
                    .arrival = given.arrival && wanted.arrival};
}

result<received_part> receive_detailed(native_handle s, mutable_bytes buffer, native_endpoint* from,
                                       datagram_details& details, patience waits) noexcept {
  if (buffer.empty()) return fail(errc::invalid_argument);
  const auto receive = receive_message_of(s);
  if (receive == nullptr) return fail(errc::not_supported);
  for (;;) {
    if (waits == patience::none)
      if (auto ready = datagram_at_once(s); !ready) return ready.failure();
    WSABUF part{static_cast<ULONG>(length(buffer.size())), chars(buffer.data())};
    socket_name name;  // a call without room for one is refused, also on a connected socket
    control_room room;
    WSAMSG message{name.data(), *name.length(), &part, 1, room.buffer(), 0};
    DWORD size = 0;
    const int outcome = receive(descriptor(s), &message, &size, nullptr, nullptr);
    const int code = outcome == 0 ? 0 : ::WSAGetLastError();
    if (is_old_news(code)) continue;
    // An error here and a flag under POSIX: the buffer is full, and the rest is lost. It may also
    // be the details' rest alone that is.
    if (code != 0 && code != WSAEMSGSIZE) return std::unexpected{system_error(code)};
    const bool cut =
        code == WSAEMSGSIZE && (message.dwFlags & (MSG_CTRUNC | MSG_TRUNC)) != MSG_CTRUNC;
    *name.length() = message.namelen;
    if (from != nullptr) *from = name.to_native_endpoint();
    details = {};
    auto control = control_of(message);
    while (const auto item = control.next()) read_detail(*item, details);
    return received_part{cut ? buffer.size() : size, cut};
  }
}

result<> send_detailed(native_handle s, const_bytes datagram, const native_endpoint* peer,
                       const send_details& how, patience waits) noexcept {
  native_control_writer control;
  if (auto added = add_details(s, control, peer, how); !added) return added.failure();
  if (waits == patience::none)
    if (auto ready = ready_at_once(s, interest::send); !ready) return ready.failure();
  const int code = send_message(s, datagram, peer, control);
  if (code == 0) return {};
  return std::unexpected{datagram_error(code)};
}

}  // namespace portsock::platform
