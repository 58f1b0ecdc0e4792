// SPDX-License-Identifier: MIT
#pragma once

// Which IPv4 address an interface has, and the other way round: a part of interfaces() that
// allocates nothing, so that programs which set an option are not linked with containers.

#include <cstdint>
#include <optional>

#include <portsock/error.hpp>

#include "native.hpp"

namespace portsock::platform {

/// Its first address, or 0.0.0.0 if it has none. errc::address_not_available: there is no such
/// interface.
result<in_addr> address_of_interface(std::uint32_t index) noexcept;
result<std::uint32_t> interface_with_address(in_addr) noexcept;

}  // namespace portsock::platform
