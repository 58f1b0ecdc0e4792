// SPDX-License-Identifier: MIT
#pragma once

// What a server asks after every bare call that has failed: was there merely nothing to do?

#include <portsock/error.hpp>

namespace portsock::platform {

/// WSAEWOULDBLOCK.
inline constexpr error would_block{10035, error_domain::system, errc::would_block};

/// Whether the bare call that has just failed on this thread did so with `would_block`.
bool would_have_blocked() noexcept;

}  // namespace portsock::platform
