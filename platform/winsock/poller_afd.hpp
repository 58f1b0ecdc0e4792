// SPDX-License-Identifier: MIT
#pragma once

#include <platform/contract.hpp>

namespace portsock::platform {

/// errc::not_supported where the driver cannot be asked.
result<owned_poll_set> open_afd() noexcept;

}  // namespace portsock::platform
