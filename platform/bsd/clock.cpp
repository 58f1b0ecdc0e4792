// SPDX-License-Identifier: MIT

// The clock of deadlines is the system's.

#include <portsock/deadline.hpp>

namespace portsock {

deadline::clock::time_point deadline::clock::now() noexcept {
  return std::chrono::steady_clock::now();
}

}  // namespace portsock
