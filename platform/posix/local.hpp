// SPDX-License-Identifier: MIT
#pragma once

// Where the systems' local sockets differ: in the folder of each, local.cpp.

#include <platform/contract.hpp>

#include "native.hpp"

namespace portsock::platform {

/// What the failure of a connect, or of a datagram, to a path means.
error local_failure(int code) noexcept;

/// One connect. errc::would_block when it did not wait any longer for the listener's queue.
result<> connect_once(native_handle s, const local_address& peer) noexcept;

/// socketpair(), with handles that no child inherits. -1 and errno.
int new_pair(int (&ends)[2]) noexcept;

/// recvmsg, for messages with handles that no child inherits from the moment that they are here, or
/// as soon after it as the system allows. -1 and errno.
ssize_t receive_message(int s, msghdr* message, int flags) noexcept;

}  // namespace portsock::platform
