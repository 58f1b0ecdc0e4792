// SPDX-License-Identifier: MIT
#pragma once

// How long and how much, whichever way a stream is sent.

#include <chrono>
#include <cstddef>

namespace portsock::tools {

/// A peer that finished first may go on reading, so what there is to send is sent. But a peer that
/// is gone looks the same, and nobody wants to be asked by a terminal, or kept by a quiet pipe, for
/// it.
inline constexpr std::chrono::seconds patience{1};
/// Of what is received in one call, in bytes.
inline constexpr std::size_t room = 1 << 20;

}  // namespace portsock::tools
