// SPDX-License-Identifier: MIT
#pragma once

// Pictures of characters. Pure: what is drawn depends on the arguments alone.

#include <string>
#include <vector>

#include <portsock/program.hpp>
#include <tools/ping/course.hpp>

namespace portsock::tools {

/// Lines that fit the terminal and fill it if there is enough to show: of one host its time line,
/// one column for each of the latest rounds, and the histogram; of several, a time line each. The
/// characters are blocks, or ASCII where there are none.
std::vector<std::string> plotted(const recording& kept, const program::terminal& where);

/// Eight levels and none, highest last: one character of a time line.
struct block {
  static std::string of(double filled, bool unicode);  ///< from the bottom, 0 to 1
  static std::string lost(bool unicode) { return unicode ? "\xc3\x97" : "x"; }
};

/// `filled` of `width` columns from the left, in eighths where there are blocks.
std::string bar(double filled, std::size_t width, bool unicode);

}  // namespace portsock::tools
