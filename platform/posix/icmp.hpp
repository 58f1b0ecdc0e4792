// SPDX-License-Identifier: MIT
#pragma once

// What raw sockets and ICMP datagram sockets share, and what each system says of them.

#include <array>

#include <portsock/address.hpp>
#include <portsock/bytes.hpp>
#include <portsock/error.hpp>
#include <portsock/handle.hpp>

#include "native.hpp"

namespace portsock::platform {

/// Asks for the hop limit of each packet beside it.
result<> report_hop_limit(native_handle s, family of) noexcept;

}  // namespace portsock::platform
