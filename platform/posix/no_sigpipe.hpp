// SPDX-License-Identifier: MIT
#pragma once

// For calls that have no MSG_NOSIGNAL: sendfile, splice, write.

#include <csignal>

#include <pthread.h>

#include "native.hpp"

namespace portsock::platform {

/// While it lives, a peer that is gone raises no SIGPIPE on this thread. What was pending before
/// stays pending, and so does the mask; of other threads nothing is touched. Two calls of the
/// system's when all goes well.
class no_sigpipe {
 public:
  no_sigpipe() noexcept {
    ::sigemptyset(&pipe_);
    ::sigaddset(&pipe_, SIGPIPE);
    // What could not be blocked is not to be unblocked, and then nobody has said what was before.
    was_blocked_ = ::pthread_sigmask(SIG_BLOCK, &pipe_, &before_) != 0 ||
                   ::sigismember(&before_, SIGPIPE) == 1;
    // Who had it blocked may have one that is meant for him.
    was_pending_ = was_blocked_ && is_pending();
  }
  no_sigpipe(const no_sigpipe&) = delete;
  no_sigpipe& operator=(const no_sigpipe&) = delete;
  ~no_sigpipe() {
    if (!was_blocked_) ::pthread_sigmask(SIG_SETMASK, &before_, nullptr);
  }

  /// Looks at what the call answered; after EPIPE, takes away the signal that it left behind.
  template <std::signed_integral Size>
  Size after(Size outcome) noexcept {
    if (outcome >= 0 || errno != EPIPE || was_pending_) return outcome;
    const timespec at_once{};
    while (::sigtimedwait(&pipe_, nullptr, &at_once) < 0 && errno == EINTR) {
    }
    errno = EPIPE;
    return outcome;
  }

 private:
  static bool is_pending() noexcept {
    sigset_t pending;
    return ::sigpending(&pending) == 0 && ::sigismember(&pending, SIGPIPE) == 1;
  }

  sigset_t pipe_;
  sigset_t before_;
  bool was_blocked_;
  bool was_pending_;
};

}  // namespace portsock::platform
