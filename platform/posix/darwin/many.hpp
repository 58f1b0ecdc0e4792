// SPDX-License-Identifier: MIT
#pragma once

// macOS has sendmsg_x and recvmsg_x for itself alone, and no sendmmsg: one call for each datagram.
// How many were moved, or -1 and errno.

#include <cstddef>

#include "native.hpp"

namespace portsock::platform {

/// As Linux has it.
struct many_message {
  msghdr msg_hdr;
  std::size_t msg_len;
};

inline ssize_t send_many(int s, many_message* all, std::size_t size, int flags) noexcept {
  for (std::size_t i = 0; i != size; ++i)
    if (::sendmsg(s, &all[i].msg_hdr, flags) < 0) return i != 0 ? static_cast<ssize_t>(i) : -1;
  return static_cast<ssize_t>(size);
}

/// Waits for the first as the socket's mode says, if it `waits`, and never for another.
inline ssize_t receive_many(int s, many_message* all, std::size_t size, bool waits) noexcept {
  for (std::size_t i = 0; i != size; ++i) {
    const auto got = ::recvmsg(s, &all[i].msg_hdr, i == 0 && waits ? 0 : MSG_DONTWAIT);
    if (got < 0) return i != 0 ? static_cast<ssize_t>(i) : -1;
    all[i].msg_len = static_cast<std::size_t>(got);
  }
  return static_cast<ssize_t>(size);
}

}  // namespace portsock::platform
