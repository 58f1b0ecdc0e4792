// SPDX-License-Identifier: MIT
#include <tests/fuzz/system_text.hpp>

namespace portsock::fuzz {

// Windows' and Wine's InetPton differ from each other and from POSIX in what they let through.
bool system_is_strict() { return false; }

std::optional<std::array<std::uint8_t, 4>> system_parse_v4(const std::string&) { return {}; }
std::optional<std::array<std::uint8_t, 16>> system_parse_v6(const std::string&) { return {}; }
std::string system_format(const std::array<std::uint8_t, 4>&) { return {}; }
std::string system_format(const std::array<std::uint8_t, 16>&) { return {}; }

// inet_addr is, but newer compilers refuse to call it.
bool system_reads_a_number(const std::string&) { return false; }

}  // namespace portsock::fuzz
