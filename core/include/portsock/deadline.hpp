// SPDX-License-Identifier: MIT
#pragma once

// How long a call may wait: until a moment, until somebody cancels, or for ever.

#include <chrono>

#include <portsock/handle.hpp>

namespace portsock {

class canceller;
class waker;

/// A moment after which a call gives up. A moment and not a duration, so that a wait which is
/// interrupted, or which is one of several, goes on for what is left and no longer.
class deadline {
 public:
  /// std::chrono::steady_clock, or what a test puts in its place (portsock/memory.hpp). Their time
  /// points are of one type.
  struct clock {
    using duration = std::chrono::steady_clock::duration;
    using rep = duration::rep;
    using period = duration::period;
    using time_point = std::chrono::steady_clock::time_point;
    static constexpr bool is_steady = true;
    static time_point now() noexcept;
  };

  static constexpr deadline never() noexcept { return deadline{clock::time_point::max()}; }
  /// Already over: what can be done at once is done, and nothing is waited for.
  static constexpr deadline now() noexcept { return deadline{clock::time_point::min()}; }
  static constexpr deadline at(clock::time_point moment) noexcept { return deadline{moment}; }
  /// `span` from now, rounded up to the clock's tick; a century or more is never().
  template <class Rep, class Period>
  static deadline in(std::chrono::duration<Rep, Period> span) noexcept {
    using std::chrono::duration;
    if (span <= span.zero()) return now();
    // Floating, for the longest span of one unit overflows when it is told in another.
    if (duration<double>{span} >= duration<double>{std::chrono::years{100}}) return never();
    return deadline{clock::now() + std::chrono::ceil<clock::duration>(span)};
  }

  /// The same moment, or sooner: a call that waits fails with errc::cancelled once `stop` trips.
  /// `stop` must outlive the deadline.
  deadline or_when(const canceller& stop) const noexcept;
  /// The same, but the wait is one of many: it fails with errc::cancelled while `woken` is awake,
  /// and once that was cleared the next one waits again.
  deadline or_when(const waker& woken) const noexcept;

  /// `moment`, if that is sooner, and with the same canceller.
  constexpr deadline sooner(clock::time_point moment) const noexcept {
    deadline made = *this;
    if (moment < moment_) made.moment_ = moment;
    return made;
  }

  constexpr bool is_never() const noexcept { return moment_ == clock::time_point::max(); }
  bool has_passed() const noexcept { return !is_never() && clock::now() >= moment_; }
  /// What is left, at least zero; clock::duration::max() for never().
  clock::duration remaining() const noexcept {
    if (is_never()) return clock::duration::max();
    if (moment_ == clock::time_point::min()) return clock::duration::zero();
    const auto left = moment_ - clock::now();
    return left > clock::duration::zero() ? left : clock::duration::zero();
  }
  constexpr clock::time_point moment() const noexcept { return moment_; }

  /// For backends: becomes readable when the wait shall end early; `invalid` when nothing can.
  constexpr native_handle cancel_handle() const noexcept { return cancel_; }

 private:
  explicit constexpr deadline(clock::time_point moment) noexcept : moment_{moment} {}

  clock::time_point moment_;
  native_handle cancel_ = native_handle::invalid;
};

}  // namespace portsock
