// SPDX-License-Identifier: MIT

// A pipe: written in a signal handler, read by who waits.

#include <platform/contract.hpp>

#include "native.hpp"
#include "system.hpp"

namespace portsock::platform {

result<waker_handles> open_waker() noexcept {
  int ends[2];
  if (new_pipe(ends) != 0) return std::unexpected{last_error()};
  return waker_handles{unique_handle{to_handle(ends[0])}, unique_handle{to_handle(ends[1])}};
}

void wake(native_handle end) noexcept {
  const int before = errno;
  const char byte = 0;
  // A full pipe has been woken often enough; only a write that was interrupted did not happen.
  while (::write(descriptor(end), &byte, 1) < 0 && errno == EINTR) {
  }
  errno = before;
}

void clear_waker(native_handle end) noexcept {
  char bytes[64];
  while (uninterrupted(::read, descriptor(end), static_cast<void*>(bytes), sizeof bytes) ==
         static_cast<ssize_t>(sizeof bytes)) {
  }
}

}  // namespace portsock::platform
