// SPDX-License-Identifier: MIT
#pragma once

// What the files of local sockets share.

#include <platform/contract.hpp>

#include "native.hpp"

namespace portsock::platform {

/// The bare bind.
result<> bind_to(native_handle s, const local_address& where) noexcept;

}  // namespace portsock::platform
