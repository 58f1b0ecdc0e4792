// SPDX-License-Identifier: MIT
#pragma once

// Reaching a thread that waits: from another thread, or from a signal handler.

#include <portsock/deadline.hpp>
#include <portsock/error.hpp>
#include <portsock/handle.hpp>

namespace portsock {

/// Makes a poller's wait return: add it like a socket, with interest::receive.
class waker {
 public:
  /// Fails like opening a socket: errc::too_many_sockets, errc::no_buffer_space.
  static result<waker> create() noexcept;

  /// The waker becomes ready to receive, and stays so until clear(). Any number of wake() are one.
  /// Callable from any thread, and from a signal handler.
  void wake() const noexcept;
  /// Whether somebody woke it since the last clear(). Does not wait.
  bool is_awake() const noexcept;
  /// Forgets every wake() so far. For the thread that waits.
  void clear() const noexcept;

  native_handle native() const noexcept { return wait_.get(); }

 private:
  waker(unique_handle wait, unique_handle wake) noexcept
      : wait_{std::move(wait)}, wake_{std::move(wake)} {}

  unique_handle wait_;
  unique_handle wake_;
};

/// Ends waits for good: every call that waits with a deadline `…or_when(stop)` fails with
/// errc::cancelled as soon as somebody cancels, and so does every later one that would have to
/// wait.
class canceller {
 public:
  /// Fails as waker::create() does.
  static result<canceller> create() noexcept;

  /// Callable from any thread, and from a signal handler.
  void cancel() const noexcept { waker_.wake(); }
  bool is_cancelled() const noexcept { return waker_.is_awake(); }

  native_handle native() const noexcept { return waker_.native(); }

 private:
  explicit canceller(waker made) noexcept : waker_{std::move(made)} {}

  waker waker_;
};

inline deadline deadline::or_when(const canceller& stop) const noexcept {
  deadline sooner = *this;
  sooner.cancel_ = stop.native();
  return sooner;
}
inline deadline deadline::or_when(const waker& woken) const noexcept {
  deadline sooner = *this;
  sooner.cancel_ = woken.native();
  return sooner;
}

}  // namespace portsock
