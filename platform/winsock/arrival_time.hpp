// SPDX-License-Identifier: MIT
#pragma once

// When a datagram arrived (Microsoft Learn, "Winsock timestamping").

#include <chrono>
#include <cstdint>

#include "native.hpp"

namespace portsock::platform {

/// Switches the reports on or off; false where this system has none.
bool report_arrival(native_handle s, bool on) noexcept;

/// What the system's clock said when QueryPerformanceCounter said `ticks`, a moment ago.
std::chrono::sys_time<std::chrono::nanoseconds> time_of_ticks(std::uint64_t ticks) noexcept;

}  // namespace portsock::platform
