// SPDX-License-Identifier: MIT
#pragma once

// sendmmsg and recvmmsg. How many were moved, or -1 and errno.

#include <cstddef>

#include "native.hpp"

namespace portsock::platform {

using many_message = mmsghdr;

inline int send_many(int s, many_message* all, std::size_t size, int flags) noexcept {
  return ::sendmmsg(s, all, static_cast<unsigned>(size), flags);
}

/// Waits for the first as the socket's mode says, if it `waits`, and never for another.
inline int receive_many(int s, many_message* all, std::size_t size, bool waits) noexcept {
  return ::recvmmsg(s, all, static_cast<unsigned>(size), waits ? MSG_WAITFORONE : MSG_DONTWAIT,
                    nullptr);
}

}  // namespace portsock::platform
