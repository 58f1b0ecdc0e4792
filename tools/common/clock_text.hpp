// SPDX-License-Identifier: MIT
#pragma once

// Moments and amounts as people and programs read them.

#include <chrono>
#include <cstdint>
#include <string>
#include <string_view>

namespace portsock::tools {

/// "2024-02-29T12:34:56.789Z": UTC, as RFC 3339 writes it.
std::string utc(std::chrono::system_clock::time_point moment);

/// "1 byte", "2 bytes".
std::string count(std::uint64_t number, std::string_view thing);

/// "999 B", "1.50 kB", "2.00 GB": powers of 1000, three digits.
std::string amount(double bytes);

/// With `digits` digits after the point, whatever the locale.
std::string decimal(double value, int digits);

}  // namespace portsock::tools
