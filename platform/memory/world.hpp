// SPDX-License-Identifier: MIT
#pragma once

// Time, and waiting for things that happen in it. All state of the backend is under one lock.

#include <functional>
#include <mutex>

#include <portsock/deadline.hpp>
#include <portsock/memory.hpp>

namespace portsock::platform::memory {

using portsock::memory::passing;
using clock = deadline::clock;
using time_point = clock::time_point;
using duration = clock::duration;
using guard = std::unique_lock<std::recursive_mutex>;

/// Takes the lock, and lets happen what is due.
guard enter();

/// The moment of what happens just now, which real time may be a little ahead of.
time_point moment() noexcept;
/// The wall clock's view of a moment.
std::chrono::sys_time<std::chrono::nanoseconds> wall_time_of(time_point) noexcept;

// For those who hold the lock:

/// Has it happen at that moment; in the order of the calls, of those at the same moment.
void at(time_point when, std::function<void()> what);
inline void after(duration span, std::function<void()> what) {
  at(moment() + span, std::move(what));
}
/// Tells those who wait that what they wait for may be there.
void changed() noexcept;

enum class ending : std::uint8_t { ready, timed_out, cancelled };

/// Waits until it is ready.
ending wait_until(guard&, deadline until, const std::function<bool()>& ready);
inline void wait_for(guard& held, const std::function<bool()>& ready) {
  wait_until(held, deadline::never(), ready);
}

/// Waits, without the lock, for what happens outside, in real time: `look` tells whether it is
/// there, and unless it is told that it is the last time, takes a moment to see. Time leaps no
/// sooner than for a thread that does not wait.
ending wait_outside(deadline until, const std::function<bool(bool last)>& look);

/// Forgets all that was going to happen, and who had begun what.
void forget_events() noexcept;
void set_passing(passing, std::size_t threads) noexcept;
void advance_by(duration);

// Without the lock, also in a signal handler:

/// Somebody has woken something. Those who wait look again soon.
void ring() noexcept;
/// Has ring() heard.
void listen_for_rings();

}  // namespace portsock::platform::memory
