// SPDX-License-Identifier: MIT
#pragma once

#include "objects.hpp"

namespace portsock::platform::memory {

/// What the options of a new socket are.
void set_defaults(socket_object&) noexcept;

}  // namespace portsock::platform::memory
