// SPDX-License-Identifier: MIT
#pragma once

// sendmmsg and recvmmsg. How many were moved, or -1 and errno.

#include <cstddef>

#include "native.hpp"

namespace portsock::platform {

using many_message = mmsghdr;

/// As the call takes them: an int in glibc, unsigned in musl.
template <class Count, class Flags, class... Rest>
constexpr Flags flags_for(int (*)(int, mmsghdr*, Count, Flags, Rest...), int flags) noexcept {
  return static_cast<Flags>(flags);
}

inline int send_many(int s, many_message* all, std::size_t size, int flags) noexcept {
  return ::sendmmsg(s, all, static_cast<unsigned>(size), flags_for(::sendmmsg, flags));
}

inline int receive_many_with(int s, many_message* all, std::size_t size, int flags) noexcept {
  return ::recvmmsg(s, all, static_cast<unsigned>(size), flags_for(::recvmmsg, flags), nullptr);
}

/// Waits for the first as the socket's mode says, if it `waits`, and never for another.
inline int receive_many(int s, many_message* all, std::size_t size, bool waits) noexcept {
  return receive_many_with(s, all, size, waits ? MSG_WAITFORONE : MSG_DONTWAIT);
}

}  // namespace portsock::platform
