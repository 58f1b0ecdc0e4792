// SPDX-License-Identifier: MIT
#pragma once

// Standard input and output without the small buffers of std::cin and std::cout: what comes in
// large pieces is passed on in large pieces.

#include <istream>
#include <memory>
#include <ostream>

namespace portsock::tools {

/// Reads standard input in pieces of up to 256 KiB, as soon as there is something. Never destroyed,
/// because a thread may be waiting in it when the program ends.
std::shared_ptr<std::istream> standard_input();

/// Writes each piece at once, in one call. There is nothing to flush.
std::ostream& standard_output();

}  // namespace portsock::tools
