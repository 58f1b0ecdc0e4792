// SPDX-License-Identifier: MIT
#pragma once

// What the tests of the network in memory need of the process, which is the system's.

#include <cstddef>
#include <cstdint>

#include <portsock/handle.hpp>

namespace portsock::tests::process {

std::uint32_t id();
bool has_signals();
/// See tests_alone_open_handles().
bool tests_alone_open_files();
bool is_file_inheritable(native_handle);
std::size_t count_open_files();

}  // namespace portsock::tests::process
