// SPDX-License-Identifier: MIT
#pragma once

// What udp(7) has and some C libraries lack, by the numbers of linux/udp.h. Whether the running
// kernel knows them is found out by asking it.

namespace portsock::platform {

inline constexpr int udp_segment = 103;   // UDP_SEGMENT, since Linux 4.18
inline constexpr int udp_coalesce = 104;  // UDP_GRO, since Linux 5.0

}  // namespace portsock::platform
