// SPDX-License-Identifier: MIT

// Packets of one protocol, their headers taken off.

#include <platform/bsd/raw_buffers.hpp>
#include <platform/bsd/sockaddr.hpp>
#include <platform/contract.hpp>

#include "control.hpp"
#include "icmp.hpp"
#include "native.hpp"
#include "system.hpp"
#include "vectors.hpp"

namespace portsock::platform {
namespace {

std::optional<std::uint8_t> hop_limit_of(const msghdr& message) noexcept {
  auto control = control_of(message);
  while (const auto item = control.next())
    if ((item->level == IPPROTO_IPV6 && item->type == IPV6_HOPLIMIT) ||
        (item->level == IPPROTO_IP && item->type == received_ttl))
      return item->octet();
  return std::nullopt;
}

result<> send_packet(native_handle s, const_bytes packet, const ip_address& peer,
                     bool header_included, int flags) noexcept {
  // The port must be 0 for raw IPv6 (raw(7)); for the rest it means nothing.
  const native_endpoint to{endpoint{peer, 0}};
  const header_copy header{packet, header_included};
  const auto parts_of_packet = header.parts();
  const vectors parts{std::span<const const_bytes>{parts_of_packet}};
  auto message = parts.message();
  message.msg_name = const_cast<void*>(to.data());
  message.msg_namelen = length_of(to);
  const auto size = uninterrupted(::sendmsg, descriptor(s), &message, send_flags | flags);
  if (size >= 0) return {};
  if (errno == ENOBUFS)
    return std::unexpected{error{ENOBUFS, error_domain::system, errc::would_block}};
  return std::unexpected{last_error()};
}

result<raw_received> receive_packet(native_handle s, mutable_bytes buffer, int flags) noexcept {
  if (buffer.empty()) return fail(errc::invalid_argument);
  raw_buffers buffers{buffer};
  const auto into = buffers.parts();
  const vectors parts{std::span<const mutable_bytes>{into}};
  for (;;) {
    socket_name from;
    control_room control;
    auto message = parts.message();
    message.msg_name = from.data();
    message.msg_namelen = *from.length();
    control.attach_to(message);
    const auto outcome = uninterrupted(::recvmsg, descriptor(s), &message, flags);
    if (outcome < 0) return std::unexpected{last_error()};

    const auto size = static_cast<std::size_t>(outcome);
    raw_received got{.from = from.to_endpoint().address, .hop_limit = hop_limit_of(message)};
    std::size_t skip = 0;
    // IPv4 comes with its header, but for the sockets that are asked for a TTL beside it.
    if (from.address_family() == family::v4 && !got.hop_limit) {
      const auto header = buffers.header(size);
      if (!header) continue;  // no kernel sends such a thing
      skip = header->header_size;
      got.hop_limit = header->hop_limit;
    }
    got.size = buffers.strip(size, skip);
    got.truncated = (message.msg_flags & MSG_TRUNC) != 0 || got.size < size - skip;
    return got;
  }
}

}  // namespace

result<> include_header(native_handle s) noexcept {
  const int on = 1;
  return checked(::setsockopt(descriptor(s), IPPROTO_IP, IP_HDRINCL, &on, sizeof on));
}

result<> send_raw(native_handle s, const_bytes packet, const ip_address& peer,
                  bool header_included) noexcept {
  return send_packet(s, packet, peer, header_included, 0);
}
result<> try_send_raw(native_handle s, const_bytes packet, const ip_address& peer,
                      bool header_included) noexcept {
  return send_packet(s, packet, peer, header_included, MSG_DONTWAIT);
}

result<raw_received> receive_raw(native_handle s, mutable_bytes buffer) noexcept {
  return receive_packet(s, buffer, 0);
}
result<raw_received> try_receive_raw(native_handle s, mutable_bytes buffer) noexcept {
  return receive_packet(s, buffer, MSG_DONTWAIT);
}

result<> report_hop_limit(native_handle s, family of) noexcept {
  const int on = 1;
  const int level = of == family::v6 ? IPPROTO_IPV6 : IPPROTO_IP;
  const int name = of == family::v6 ? IPV6_RECVHOPLIMIT : IP_RECVTTL;
  return checked(::setsockopt(descriptor(s), level, name, &on, sizeof on));
}

}  // namespace portsock::platform
