// SPDX-License-Identifier: MIT
#pragma once

// What the backend needs of the system that the process runs on, beside the sources that it shares
// with that system's own backend (files, programs, threads, the table of errors).

#include <cstdint>

#include <portsock/error.hpp>

namespace portsock::platform::memory {

/// What last_failure() and would_have_blocked() go by.
void set_last_failure(error) noexcept;

std::uint32_t process_id() noexcept;

/// A bell that a signal handler may ring. False when it cannot be heard.
void ring_bell() noexcept;
bool wait_for_bell() noexcept;

}  // namespace portsock::platform::memory
