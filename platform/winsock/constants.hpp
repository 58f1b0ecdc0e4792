// SPDX-License-Identifier: MIT
#pragma once

// What Windows has and some of its headers lack (mingw-w64 10), by the numbers of Microsoft's SDK.
// Whether the running system knows them is found out by asking it.

#include "native.hpp"

namespace portsock::platform {

/// A bind of a client to an address alone leaves the port to connect; since Windows 10.
inline constexpr int reuse_unicast_port = 0x3007;  // SO_REUSE_UNICASTPORT, level SOL_SOCKET

// Level IPPROTO_TCP, in seconds; since Windows 10 1709, the count since 1703.
inline constexpr int tcp_keep_idle = 3;
inline constexpr int tcp_keep_interval = 17;
inline constexpr int tcp_keep_count = 16;

/// The interface that everything leaves by: level IPPROTO_IP, in network byte order, and
/// IPPROTO_IPV6, in this machine's.
inline constexpr int ip_unicast_interface = 31;    // IP_UNICAST_IF
inline constexpr int ipv6_unicast_interface = 31;  // IPV6_UNICAST_IF

/// Whether a datagram's TTL that ran out on the way fails a later receive.
inline constexpr DWORD report_net_reset = IOC_IN | IOC_VENDOR | 15;  // SIO_UDP_NETRESET

/// Switches reports of when datagrams arrived; since Windows Server 2022 and Windows 11.
inline constexpr DWORD configure_timestamps = IOC_IN | IOC_VENDOR | 235;  // SIO_TIMESTAMPING
struct timestamp_configuration {                                          // TIMESTAMPING_CONFIG
  ULONG flags;
  USHORT sent_ones_buffered;
};
inline constexpr ULONG timestamp_received = 1;  // TIMESTAMPING_FLAG_RX
/// The control message with the time, in ticks of QueryPerformanceCounter.
inline constexpr int so_timestamp = 0x300A;

// Level IPPROTO_UDP, since Windows 10 2004: options, and control messages of the same names.
inline constexpr int udp_send_message_size = 2;       // UDP_SEND_MSG_SIZE
inline constexpr int udp_receive_coalesced_size = 3;  // UDP_RECV_MAX_COALESCED_SIZE
inline constexpr int udp_coalesced_info = 3;          // UDP_COALESCED_INFO
/// What kind of reparse point the file of a local socket is: IO_REPARSE_TAG_AF_UNIX.
inline constexpr DWORD reparse_tag_af_unix = 0x80000023;

}  // namespace portsock::platform
