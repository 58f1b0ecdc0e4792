// SPDX-License-Identifier: MIT
#pragma once

// Bytes from and to the standard streams, as soon as they are there.

#include <istream>
#include <ostream>
#include <span>
#include <string_view>

namespace portsock::tools {

/// Waits until there is input and takes what there is, but no more than `buffer` holds. 0: the
/// input has ended, or input.bad().
std::size_t read_some(std::istream& input, std::span<char> buffer);

/// Writes all of `bytes` and hands them on at once. False when they could not be written: the
/// reader has gone, the disk is full.
bool write_now(std::ostream& output, std::string_view bytes);

}  // namespace portsock::tools
