// SPDX-License-Identifier: MIT
#pragma once

// How a tool ends, for the scripts that call it.

namespace portsock::tools {

/// Scripts rely on these numbers.
enum class exit_code : int {
  ok = 0,
  failure = 1,  ///< the network or the system said no, or somebody interrupted
  usage = 2,    ///< the tool was asked for something that cannot be, whatever the network says
};

}  // namespace portsock::tools
