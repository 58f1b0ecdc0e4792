// SPDX-License-Identifier: MIT
#pragma once

// Bytes for the eye, as hexdump -C shows them.

#include <cstdint>
#include <ostream>
#include <string>
#include <string_view>

#include <portsock/bytes.hpp>

namespace portsock::tools {

/// Lines of sixteen bytes, each after `prefix`:
///   < 00000000  68 65 6c 6c 6f 0a                                 |hello.|
/// `offset` is how many bytes of the same flow came before.
std::string hexdump(std::string_view prefix, std::uint64_t offset, const_bytes bytes);
/// The same, written by pieces, so that it takes little memory however much came. Whether it was.
bool write_hexdump(std::ostream& output, std::string_view prefix, std::uint64_t offset,
                   const_bytes bytes);

}  // namespace portsock::tools
