// SPDX-License-Identifier: MIT
#pragma once

// sendmmsg and recvmmsg, which the C library makes of single calls (sendmsg(2), recvmsg(2)). How
// many were moved, or -1 and errno.

#include <cstddef>

#include "native.hpp"

namespace portsock::platform {

using many_message = mmsghdr;

inline ssize_t send_many(int s, many_message* all, std::size_t size, int flags) noexcept {
  return ::sendmmsg(s, all, size, flags);
}

/// Waits for the first as the socket's mode says, if it `waits`, and never for another.
inline ssize_t receive_many(int s, many_message* all, std::size_t size, bool waits) noexcept {
  return ::recvmmsg(s, all, size, waits ? MSG_WAITFORONE : MSG_DONTWAIT, nullptr);
}

}  // namespace portsock::platform
