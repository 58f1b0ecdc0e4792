// SPDX-License-Identifier: MIT
#pragma once

// How sockping puts numbers and messages, whatever the format.

#include <chrono>
#include <string>
#include <string_view>

#include <portsock/icmp_socket.hpp>
#include <portsock/ping.hpp>
#include <tools/ping/statistics.hpp>

namespace portsock::tools {

/// As printf has it, but for the locale: the tools have none.
std::string with_decimals(double value, int decimals);
/// Six significant digits: "33.3333".
std::string as_percent(double value);
/// Three significant digits, as far as microseconds, like ping: "0.043", "1.23", "12.3", "123".
std::string in_milliseconds(std::chrono::nanoseconds time);
/// As many as tell nanoseconds: "0.043210".
std::string in_exact_milliseconds(std::chrono::nanoseconds time);
/// Seconds since 1970 with microseconds.
std::string now_in_seconds();

std::string_view name_of(icmp_access access);
/// "raw", "datagram", "system".
std::string_view word_of(icmp_access access);
/// What an ICMP message says: "fragmentation needed (mtu 1400)".
std::string described(const icmp::message& message);
/// "", " (DUP!)", " (late)", " (wrong data at byte 20)", " (truncated)".
std::string remark_on(const ping::event& what);
/// "9/10 packets, 10% loss, min/avg/ewma/max = 0.031/0.040/0.039/0.048 ms", as ping has it.
std::string in_one_line(const statistics& numbers);

}  // namespace portsock::tools
