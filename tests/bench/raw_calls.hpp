// SPDX-License-Identifier: MIT
#pragma once

// The system's own calls, for the benchmarks' other column. Each system's folder has them.

#include <cstddef>

#include <portsock/handle.hpp>
#include <portsock/native_endpoint.hpp>

namespace raw {

using portsock::native_endpoint;
using portsock::native_handle;

// A number of bytes, or negative.
std::ptrdiff_t send(native_handle s, const void* data, std::size_t size);
std::ptrdiff_t receive(native_handle s, void* buffer, std::size_t size);
std::ptrdiff_t send_to(native_handle s, const void* data, std::size_t size,
                       const native_endpoint& peer);
std::ptrdiff_t receive_from(native_handle s, void* buffer, std::size_t size, native_endpoint& from);

}  // namespace raw
