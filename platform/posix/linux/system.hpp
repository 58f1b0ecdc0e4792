// SPDX-License-Identifier: MIT
#pragma once

// Where POSIX leaves off: what Linux calls things. The neighbouring folders say the same for their
// systems.

#include <array>
#include <span>

#include <fcntl.h>

#include <portsock/address.hpp>
#include <portsock/bytes.hpp>
#include <portsock/deadline.hpp>

#include "closing.hpp"
#include "native.hpp"

namespace portsock::platform {

/// A peer that is gone is an error and not a signal.
inline constexpr int send_flags = MSG_NOSIGNAL;

/// socket() and accept(), with handles that no child inherits. -1 and errno.
inline int new_socket(int domain, int type, int protocol) noexcept {
  return ::socket(domain, type | SOCK_CLOEXEC, protocol);
}
inline int next_connection(int listener) noexcept {
  return ::accept4(listener, nullptr, nullptr, SOCK_CLOEXEC);
}

/// pipe(), of ends that do not block and that no child inherits. -1 and errno.
inline int new_pipe(int (&ends)[2]) noexcept { return ::pipe2(ends, O_CLOEXEC | O_NONBLOCK); }

/// For systems without send_flags: the socket itself raises no signal.
inline int silence(int) noexcept { return 0; }

/// A socket hears only the groups that it joined; Linux delivers also what others joined.
void ignore_foreign_groups(int s, family of) noexcept;

/// Whether the group was joined for some sources alone, of which joining it as a whole says the
/// same as of one that was. Index 0: on any interface.
bool hears_some_sources(int s, int level, const sockaddr_storage& group,
                        std::uint32_t index) noexcept;

/// Several datagram sockets share a port and hear the same multicasts. -1 and errno.
int share_port(int s) noexcept;
/// The system spreads what arrives over the sockets of a port. -1 and errno.
int balance_port(int s) noexcept;

/// A bind to an address alone leaves the port to connect, which finds one that is free for the peer
/// (ip(7), IP_BIND_ADDRESS_NO_PORT, since Linux 4.2); otherwise it takes one from all others.
void choose_port_late(int s) noexcept;

/// The socket hears one interface alone. -1 and errno.
int bind_to_interface(int s, family of, std::uint32_t index) noexcept;

/// The event of poll that says that the peer has finished sending.
inline constexpr int poll_end_of_stream = POLLRDHUP;

/// ppoll, once, for at most `left`, rounded up.
int poll_for(std::span<pollfd> entries, deadline::clock::duration left) noexcept;

/// What ICMP says of a host that is cut off from the network.
inline constexpr int host_isolated = ENONET;

/// Ways to say that a name has no such address, which the headers show only to some (RFC 2553).
inline constexpr int eai_nodata = -5;
inline constexpr int eai_addrfamily = -9;

/// The control messages that carry a received TTL, and a received TOS.
inline constexpr int received_ttl = IP_TTL;
inline constexpr int received_tos = IP_TOS;

/// A packet whose caller wrote the IPv4 header: Linux wants it as it goes over the wire.
class header_copy {
 public:
  header_copy(const_bytes packet, bool) noexcept : packet_{packet} {}
  std::array<const_bytes, 1> parts() const noexcept { return {packet_}; }

 private:
  const_bytes packet_;
};

}  // namespace portsock::platform
