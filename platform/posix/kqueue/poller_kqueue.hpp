// SPDX-License-Identifier: MIT
#pragma once

#include <platform/contract.hpp>

namespace portsock::platform {

result<owned_poll_set> open_kqueue() noexcept;

}  // namespace portsock::platform
