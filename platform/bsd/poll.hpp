// SPDX-License-Identifier: MIT
#pragma once

// What poll and WSAPoll have in common, told in the library's words; each backend's wait*.cpp says
// how.

#include <span>

#include <platform/contract.hpp>

#include "native.hpp"

namespace portsock::platform {

/// What to ask the system about `s`.
poll_entry entry_for(native_handle s, interest wanted) noexcept;
/// Fills in the entries' answers; returns when one has an answer or `until` passes. Its cancel
/// handle is the caller's business.
result<> poll(std::span<poll_entry> entries, deadline until) noexcept;

inline bool is_ready(const poll_entry& entry) noexcept { return entry.revents != 0; }
inline bool is_closed(const poll_entry& entry) noexcept { return (entry.revents & POLLNVAL) != 0; }
readiness readiness_of(const poll_entry& entry, std::uint64_t token) noexcept;

/// How many sockets one wait tells of, without allocating; the next one tells of the others. Beyond
/// some 64 a larger batch gains nothing.
inline constexpr std::size_t most_told = 256;

result<owned_poll_set> open_poll() noexcept;

}  // namespace portsock::platform
