// SPDX-License-Identifier: MIT
#pragma once

// The program's streams, by calls of the system: what comes in large pieces is passed on in large
// pieces, and no signal ends one. libc++'s std::cout and std::cerr are over the C library, to which
// a write that a signal interrupts is one that failed.

#include <istream>
#include <memory>
#include <ostream>

namespace portsock::tools {

/// Reads standard input in pieces of up to 256 KiB, as soon as there is something. Never destroyed,
/// because a thread may be waiting in it when the program ends.
std::shared_ptr<std::istream> standard_input();

/// Small pieces wait to be flushed, as one; what is large goes at once, in one call.
std::ostream& standard_output();
std::ostream& standard_log();

}  // namespace portsock::tools
