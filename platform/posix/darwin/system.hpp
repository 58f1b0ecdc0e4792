// SPDX-License-Identifier: MIT
#pragma once

// Where POSIX leaves off: what macOS calls things. The neighbouring folders say the same for their
// systems.

#include <algorithm>
#include <array>
#include <bit>
#include <span>
#include <utility>

#include <portsock/address.hpp>
#include <portsock/bytes.hpp>
#include <portsock/deadline.hpp>

#include "native.hpp"

namespace portsock::platform {

/// Not every release of macOS knows MSG_NOSIGNAL; silence() does its work.
inline constexpr int send_flags = 0;

/// socket() and accept(), with handles that no child inherits: in two steps, for want of one.
/// -1 and errno.
int new_socket(int domain, int type, int protocol) noexcept;
int next_connection(int listener) noexcept;
/// pipe(), of ends that do not block and that no child inherits. -1 and errno.
int new_pipe(int (&ends)[2]) noexcept;

/// The socket itself raises no signal.
inline int silence(int s) noexcept {
  const int on = 1;
  return ::setsockopt(s, SOL_SOCKET, SO_NOSIGPIPE, &on, sizeof on);
}

/// A socket hears only the groups that it joined; so it is here.
inline void ignore_foreign_groups(int, family) noexcept {}

/// Whether the group was joined for some sources alone, of which joining it as a whole may say the
/// same as of one that was. There is no documented way to ask.
inline bool hears_some_sources(int, int, const sockaddr_storage&, std::uint32_t) noexcept {
  return false;
}

/// Several datagram sockets share a port and hear the same multicasts. -1 and errno.
int share_port(int s) noexcept;
/// macOS has no spreading: with SO_REUSEPORT one socket gets everything.
inline int balance_port(int) noexcept {
  errno = ENOTSUP;
  return -1;
}

/// A bind to an address alone takes a port from all others here.
inline void choose_port_late(int) noexcept {}

/// The socket hears one interface alone. -1 and errno.
int bind_to_interface(int s, family of, std::uint32_t index) noexcept;

/// For systems where something holds on to a socket that is only closed.
inline void before_closing(int) noexcept {}

/// The event of poll that says that the peer has finished sending; here POLLHUP says so, unasked.
inline constexpr int poll_end_of_stream = 0;

/// poll, once, for at most `left`, rounded up to its milliseconds: macOS has no ppoll.
int poll_for(std::span<pollfd> entries, deadline::clock::duration left) noexcept;

/// What ICMP says of a host that is cut off from the network; nothing of its own here.
inline constexpr int host_isolated = EHOSTUNREACH;

/// Ways to say that a name has no such address, which the headers show only to some (RFC 2553).
inline constexpr int eai_nodata = 7;
inline constexpr int eai_addrfamily = 1;

/// The control messages that carry a received TTL, and a received TOS.
inline constexpr int received_ttl = IP_RECVTTL;
inline constexpr int received_tos = IP_RECVTOS;

/// A packet whose caller wrote the IPv4 header. macOS wants the total length and the fragment field
/// in host byte order (ip(4)), so the fixed part of the header goes out as a copy.
class header_copy {
 public:
  header_copy(const_bytes packet, bool header_included) noexcept
      : packet_{packet}, swaps_{header_included && packet.size() >= fixed_part} {
    if (!swaps_) return;
    std::ranges::copy(packet.first(fixed_part), front_.begin());
    to_host_order(2);
    to_host_order(6);
  }
  std::array<const_bytes, 2> parts() const noexcept {
    if (!swaps_) return {const_bytes{}, packet_};
    return {const_bytes{front_}, packet_.subspan(fixed_part)};
  }

 private:
  static constexpr std::size_t fixed_part = 20;

  void to_host_order(std::size_t at) noexcept {
    if constexpr (std::endian::native == std::endian::little) std::swap(front_[at], front_[at + 1]);
  }

  const_bytes packet_;
  bool swaps_;
  std::array<std::byte, fixed_part> front_;
};

}  // namespace portsock::platform
