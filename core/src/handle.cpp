// SPDX-License-Identifier: MIT
#include <portsock/handle.hpp>

#include <platform/contract.hpp>

namespace portsock {

void unique_handle::close(native_handle handle) noexcept { platform::close(handle); }

}  // namespace portsock
