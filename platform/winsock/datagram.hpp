// SPDX-License-Identifier: MIT
#pragma once

// What a failed datagram call may mean.

#include "native.hpp"

namespace portsock::platform {

/// ICMP's news of an earlier datagram (Microsoft Learn, recvfrom: WSAECONNRESET, WSAENETRESET),
/// which Wine calls a refusal as Linux does. Reading it off has cleared it, so the call is worth
/// repeating.
constexpr bool is_old_news(int code) noexcept {
  return code == WSAECONNRESET || code == WSAENETRESET || code == WSAECONNREFUSED;
}

/// For errors of a send: no room in the system, which POSIX systems wait for, is not waited for
/// here.
inline error datagram_error(int code) noexcept {
  if (code == WSAENOBUFS) return {code, error_domain::system, errc::would_block};
  return system_error(code);
}

}  // namespace portsock::platform
