// SPDX-License-Identifier: MIT
#pragma once

// What the test program takes with `new`, its library included; allocations.cpp replaces it.

#include <cstddef>

namespace portsock::tests {

struct allocations {
  std::size_t bytes;  ///< that were not given back
  std::size_t calls;  ///< so far
};
allocations allocated() noexcept;

}  // namespace portsock::tests
