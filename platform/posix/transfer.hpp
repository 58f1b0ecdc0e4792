// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>

#include "native.hpp"

namespace portsock::platform {

/// The system's sendfile, once: how much was sent, 0 at the end of the file, -1 and errno. Each
/// system's transfer.cpp. Raises no signal.
std::int64_t send_file_once(int s, int file, std::int64_t offset, std::size_t most) noexcept;

/// write(2), once, without a signal.
std::int64_t write_once(int file, const void* data, std::size_t size) noexcept;

}  // namespace portsock::platform
