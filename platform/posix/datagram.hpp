// SPDX-License-Identifier: MIT
#pragma once

// What a failed datagram call may mean, and one message there and one back.

#include <platform/contract.hpp>

#include "native.hpp"
#include "system.hpp"

namespace portsock::platform {

/// ICMP's news of an earlier datagram, which a connected socket hears; reading it off has cleared
/// it, so the call is worth repeating. Linux knows a dozen of them: a prohibition is EACCES, a
/// parameter problem EPROTO, a router's smaller MTU EMSGSIZE (icmp_err_convert,
/// icmpv6_err_convert).
constexpr bool is_old_news(int code) noexcept {
  return code == ECONNREFUSED || code == EHOSTUNREACH || code == ENETUNREACH || code == EHOSTDOWN ||
         code == ENOPROTOOPT || code == ECONNRESET || code == EACCES || code == EPROTO ||
         code == EMSGSIZE || code == host_isolated;
}

/// How often a receive is repeated for codes that may also say what does not pass.
class repeats {
 public:
  /// Whether once more, after a failure with `code`.
  bool allow(int code) noexcept {
    const bool may_stay = code == EACCES || code == EPROTO || code == EMSGSIZE;
    return is_old_news(code) && (!may_stay || ++doubtful_ < 64);
  }

 private:
  int doubtful_ = 0;
};

/// Why a send failed. A lack of room is not waited for on macOS and FreeBSD, and says ENOBUFS.
inline error send_error(int code) noexcept {
  if (code == ENOBUFS) return {code, error_domain::system, errc::would_block};
  return system_error(code);
}

constexpr int flags_of(patience waits) noexcept {
  return waits == patience::none ? MSG_DONTWAIT : 0;
}

/// sendmsg to `peer`, or to the peer of a connected socket. -1 and errno.
ssize_t send_message(native_handle s, msghdr& message, const native_endpoint* peer,
                     int flags) noexcept;
/// recvmsg, and whose it was, unless nobody wants to know. -1 and errno.
ssize_t receive_message(native_handle s, msghdr& message, native_endpoint* from,
                        int flags) noexcept;

}  // namespace portsock::platform
