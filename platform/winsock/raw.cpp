// SPDX-License-Identifier: MIT

// Raw sockets. What they receive over IPv4 has its header, over IPv6 it has not: as under POSIX.

#include <platform/bsd/raw_buffers.hpp>
#include <platform/bsd/sockaddr.hpp>
#include <platform/contract.hpp>

#include "control.hpp"
#include "datagram.hpp"
#include "native.hpp"
#include "system.hpp"
#include "vectors.hpp"

namespace portsock::platform {
namespace {

/// The hop limit that came beside an IPv6 packet.
std::optional<std::uint8_t> hop_limit_of(const WSAMSG& message) noexcept {
  auto control = control_of(message);
  while (const auto item = control.next())
    if (item->level == IPPROTO_IPV6 && item->type == IPV6_HOPLIMIT) return item->octet();
  return std::nullopt;
}

/// A socket that was not bound, not even by sending, can receive nothing here (Microsoft Learn,
/// recvfrom: WSAEINVAL).
result<> ensure_bound(native_handle s) noexcept {
  socket_name name;
  if (::getsockname(descriptor(s), name.data(), name.length()) == 0) return {};
  const auto anywhere = local_endpoint(s);
  if (!anywhere) return anywhere.failure();
  return bind(s, *anywhere, kind::raw, bind_policy::exclusive);
}

/// One packet. Nothing: an earlier one met an ICMP error, or no header begins this one.
result<std::optional<raw_received>> receive_one(native_handle s, mutable_bytes buffer) noexcept {
  raw_buffers buffers{buffer};
  const auto into = buffers.parts();
  vectors parts{std::span<const mutable_bytes>{into}};
  const auto receive_message = receive_message_of(s);
  if (receive_message == nullptr) return fail(errc::not_supported);

  socket_name from;
  control_room control;
  WSAMSG message{from.data(), *from.length(), parts.data(), parts.count(), control.buffer(), 0};
  DWORD size = 0;
  bool cut = false;
  if (receive_message(descriptor(s), &message, &size, nullptr, nullptr) != 0) {
    const int code = ::WSAGetLastError();
    if (is_old_news(code)) return std::nullopt;
    if (code != WSAEMSGSIZE) return std::unexpected{system_error(code)};
    size = static_cast<DWORD>(parts.size());  // an error here and a flag under POSIX
    cut = true;
  }

  raw_received got{.from = from.to_endpoint().address, .hop_limit = hop_limit_of(message)};
  std::size_t skip = 0;
  if (from.address_family() == family::v4) {
    const auto header = buffers.header(size);
    if (!header) return std::nullopt;
    skip = header->header_size;
    got.hop_limit = header->hop_limit;
  }
  got.size = buffers.strip(size, skip);
  got.truncated = cut || got.size < size - skip;
  return got;
}

}  // namespace

result<> include_header(native_handle s) noexcept { return set_word(s, IPPROTO_IP, IP_HDRINCL, 1); }

result<> send_raw(native_handle s, const_bytes packet, const ip_address& peer, bool) noexcept {
  // A header that the caller wrote goes out as it is, in network byte order. Port 0: a raw socket
  // has none.
  const native_endpoint to{endpoint{peer, 0}};
  if (::sendto(descriptor(s), chars(packet.data()), length(packet.size()), 0, name_of(to),
               length_of(to)) >= 0)
    return {};
  return std::unexpected{datagram_error(::WSAGetLastError())};
}
result<> try_send_raw(native_handle s, const_bytes packet, const ip_address& peer,
                      bool header_included) noexcept {
  if (auto ready = ready_at_once(s, interest::send); !ready) return ready.failure();
  return send_raw(s, packet, peer, header_included);
}

result<raw_received> receive_raw(native_handle s, mutable_bytes buffer) noexcept {
  if (buffer.empty()) return fail(errc::invalid_argument);
  if (auto bound = ensure_bound(s); !bound) return bound.failure();
  for (;;) {
    const auto got = receive_one(s, buffer);
    if (!got) return got.failure();
    if (*got) return **got;
  }
}
result<raw_received> try_receive_raw(native_handle s, mutable_bytes buffer) noexcept {
  if (buffer.empty()) return fail(errc::invalid_argument);
  if (auto bound = ensure_bound(s); !bound) return bound.failure();
  for (;;) {
    if (auto ready = datagram_at_once(s); !ready) return ready.failure();
    const auto got = receive_one(s, buffer);
    if (!got) return got.failure();
    if (*got) return **got;
  }
}

void filter_echo(native_handle, family) noexcept {
  // Windows has no filter; its stack keeps echo requests to itself.
}

void filter_identifier(native_handle, family, std::uint16_t) noexcept {}

result<unique_handle> open_icmp_datagram(family) noexcept {
  return fail(errc::not_supported);  // the echo service is what Windows has for everybody
}

std::optional<std::uint16_t> icmp_datagram_identifier(native_handle) noexcept {
  return std::nullopt;
}

// sin6_flowinfo is to be zero (Microsoft Learn, SOCKADDR_IN6).
result<> allow_flow_label(native_handle, std::uint32_t) noexcept {
  return fail(errc::not_supported);
}

std::string_view icmp_access_hint() noexcept { return "run it as Administrator"; }

}  // namespace portsock::platform
