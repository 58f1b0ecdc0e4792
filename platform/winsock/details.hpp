// SPDX-License-Identifier: MIT
#pragma once

// Messages with details: one there and one back.

#include <portsock/datagram_details.hpp>
#include <portsock/native_endpoint.hpp>

#include "control.hpp"
#include "native.hpp"

namespace portsock::platform {

/// Adds what `how` says, for the family of the peer: `peer`, or the one that `s` is connected to.
/// errc::invalid_argument for a source of the other family.
result<> add_details(native_handle s, native_control_writer&, const native_endpoint* peer,
                     const send_details& how) noexcept;

/// WSASendMsg of one buffer. 0, or a code.
int send_message(native_handle s, const_bytes data, const native_endpoint* peer,
                 const native_control_writer&) noexcept;

}  // namespace portsock::platform
