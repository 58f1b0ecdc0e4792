// SPDX-License-Identifier: MIT
#pragma once

// inet_pton and inet_ntop, where the system's are the ones to compare with. Each system's folder
// has them.

#include <array>
#include <cstdint>
#include <optional>
#include <string>

namespace portsock::fuzz {

/// Nothing to compare with: this system is lenient, and an address is no witness there.
bool system_is_strict();
std::optional<std::array<std::uint8_t, 4>> system_parse_v4(const std::string& text);
std::optional<std::array<std::uint8_t, 16>> system_parse_v6(const std::string& text);
std::string system_format(const std::array<std::uint8_t, 4>& bytes);
std::string system_format(const std::array<std::uint8_t, 16>& bytes);

/// Whether a lenient part of the system takes it for an IPv4 address: "127.1", "0x7f000001".
bool system_reads_a_number(const std::string& text);

}  // namespace portsock::fuzz
