// SPDX-License-Identifier: MIT
#pragma once

// What a server asks after every bare call that has failed: was there merely nothing to do? Inline,
// as a program of bare calls has it, so that looking for more costs no more than there.

#include <cerrno>

#include <portsock/error.hpp>

namespace portsock::platform {

/// EWOULDBLOCK is the same number on every system that has this backend.
inline constexpr error would_block{EAGAIN, error_domain::system, errc::would_block};

/// Whether the bare call that has just failed on this thread did so with `would_block`.
inline bool would_have_blocked() noexcept { return errno == would_block.value(); }

}  // namespace portsock::platform
