// SPDX-License-Identifier: MIT

// Packets of one protocol, their headers taken off.

#include <cstring>

#include <platform/bsd/raw_buffers.hpp>
#include <platform/bsd/sockaddr.hpp>
#include <platform/contract.hpp>

#include "icmp.hpp"
#include "native.hpp"
#include "system.hpp"
#include "vectors.hpp"

namespace portsock::platform {
namespace {

/// Systems differ in how wide they write it.
std::uint8_t hop_limit_in(const cmsghdr& control) noexcept {
  if (control.cmsg_len >= CMSG_LEN(sizeof(int))) {
    int value;
    std::memcpy(&value, CMSG_DATA(&control), sizeof value);
    return static_cast<std::uint8_t>(value);
  }
  return *CMSG_DATA(&control);
}

std::optional<std::uint8_t> hop_limit_of(msghdr& message) noexcept {
  for (auto* control = CMSG_FIRSTHDR(&message); control != nullptr;
       control = CMSG_NXTHDR(&message, control))
    if ((control->cmsg_level == IPPROTO_IPV6 && control->cmsg_type == IPV6_HOPLIMIT) ||
        (control->cmsg_level == IPPROTO_IP && control->cmsg_type == received_ttl))
      return hop_limit_in(*control);
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
    alignas(cmsghdr) std::array<std::byte, 256> control;
    auto message = parts.message();
    message.msg_name = from.data();
    message.msg_namelen = *from.length();
    message.msg_control = control.data();
    message.msg_controllen = control.size();
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

void report_hop_limit(native_handle s, family of) noexcept {
  const int on = 1;
  if (of == family::v6)
    ::setsockopt(descriptor(s), IPPROTO_IPV6, IPV6_RECVHOPLIMIT, &on, sizeof on);
  else
    ::setsockopt(descriptor(s), IPPROTO_IP, IP_RECVTTL, &on, sizeof on);
}

}  // namespace portsock::platform
