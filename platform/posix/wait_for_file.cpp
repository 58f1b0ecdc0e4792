// SPDX-License-Identifier: MIT

// A file is a descriptor as a socket is.

#include <platform/contract.hpp>

#include "native.hpp"

namespace portsock::platform {

result<bool> wait(file_handle file, interest wanted, deadline until) noexcept {
  return wait(to_handle(static_cast<int>(file)), wanted, until);
}

}  // namespace portsock::platform
