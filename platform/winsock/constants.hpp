// SPDX-License-Identifier: MIT
#pragma once

// What Windows has and some of its headers lack (mingw-w64 10), by the numbers of Microsoft's SDK.
// Whether the running system knows them is found out by asking it.

#include "native.hpp"

namespace portsock::platform {

// Level IPPROTO_TCP, in seconds; since Windows 10 1709, the count since 1703.
inline constexpr int tcp_keep_idle = 3;
inline constexpr int tcp_keep_interval = 17;
inline constexpr int tcp_keep_count = 16;

/// Whether a datagram's TTL that ran out on the way fails a later receive.
inline constexpr DWORD report_net_reset = IOC_IN | IOC_VENDOR | 15;  // SIO_UDP_NETRESET

}  // namespace portsock::platform
