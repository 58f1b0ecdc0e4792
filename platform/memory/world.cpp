// SPDX-License-Identifier: MIT
#include "world.hpp"

#include <algorithm>
#include <atomic>
#include <condition_variable>
#include <map>
#include <system_error>
#include <thread>
#include <utility>
#include <vector>

#include <platform/contract.hpp>

#include "host_system.hpp"
#include "objects.hpp"

namespace portsock::platform::memory {
namespace {

using real_clock = std::chrono::steady_clock;

/// A thread that waits, and until when at most. It is asleep once it has looked and found nothing.
struct sleeper {
  time_point until;
  bool asleep = false;
};

struct world {
  std::recursive_mutex mutex;  ///< what happens may be told of the network by what happens
  std::condition_variable_any changes;
  std::multimap<time_point, std::function<void()>> events;
  std::vector<sleeper*> sleepers;
  std::ptrdiff_t threads = 1;  ///< without which time does not leap
  std::ptrdiff_t left = 0;     ///< those of them that have ended, and may have successors
  std::ptrdiff_t gone = 0;     ///< those that have ended, and time does not wait for others
  std::uint64_t activity = 0;
  time_point happening{};  ///< the moment of the event that is happening, if one is
  std::chrono::system_clock::time_point wall_at_start;
  time_point start;
  bool listens = false;
};

/// Never destroyed: threads may wait while the program ends.
world& the_world() noexcept {
  static world& made = *new world;
  return made;
}

std::atomic<passing> how = passing::runs;
std::atomic<duration::rep> virtual_now = 0;
std::atomic<int> unheard_rings = 0;

/// Whether the library has started this thread, which comes beside those of the test.
thread_local bool is_of_library = false;

/// A thread that ends leaves its place to the next that comes.
struct presence {
  presence() noexcept {
    auto& w = the_world();
    if (is_of_library) return;
    if (w.left > 0)
      --w.left;
    else if (w.gone > 0)
      --w.gone;
  }
  ~presence() {
    const guard held{the_world().mutex};
    auto& w = the_world();
    if (is_of_library)
      --w.threads;
    else if (w.left + w.gone < w.threads)
      ++w.left;
    changed();
  }
};

void set_virtual_now(time_point now) noexcept { virtual_now = now.time_since_epoch().count(); }

/// Something happens as long as it lives, and no longer where it throws.
struct moment_of_event {
  explicit moment_of_event(time_point when) noexcept { the_world().happening = when; }
  moment_of_event(const moment_of_event&) = delete;
  moment_of_event& operator=(const moment_of_event&) = delete;
  ~moment_of_event() { the_world().happening = {}; }
};

/// This thread is among those that wait as long as it lives, also where an event throws.
struct one_that_waits : sleeper {
  one_that_waits(guard& held, time_point latest) : sleeper{latest}, lock{held} {
    the_world().sleepers.push_back(this);
  }
  one_that_waits(const one_that_waits&) = delete;
  one_that_waits& operator=(const one_that_waits&) = delete;
  ~one_that_waits() {
    if (!lock.owns_lock()) lock.lock();
    std::erase(the_world().sleepers, this);
  }
  guard& lock;
};

/// Events may make others happen, also at once.
void let_happen(time_point until) {
  auto& w = the_world();
  if (w.happening != time_point{}) return;
  while (!w.events.empty() && w.events.begin()->first <= until) {
    auto next = w.events.extract(w.events.begin());
    const moment_of_event now{next.key()};
    if (how != passing::runs && next.key() > clock::now()) set_virtual_now(next.key());
    next.mapped()();
  }
}

/// The next moment at which anything can change by itself.
time_point next_moment() noexcept {
  auto& w = the_world();
  auto next = w.events.empty() ? time_point::max() : w.events.begin()->first;
  for (const auto* each : w.sleepers) next = (std::min)(next, each->until);
  return next;
}

bool all_are_asleep() noexcept {
  auto& w = the_world();
  return static_cast<std::ptrdiff_t>(w.sleepers.size()) >= w.threads - w.gone &&
         std::ranges::all_of(w.sleepers, &sleeper::asleep);
}

/// Threads may wait for each other outside, as in a join, or one that has ended has no successor:
/// then nothing happens here for a while.
constexpr auto patience_with_threads = std::chrono::seconds{1};

/// To the next moment, if there is one.
bool leap() noexcept {
  const auto next = next_moment();
  if (next == time_point::max() || unheard_rings != 0) return false;
  if (next > clock::now()) set_virtual_now(next);
  changed();
  return true;
}

/// Nothing has happened for as long as there is patience.
void leap_without_others() noexcept {
  auto& w = the_world();
  w.gone += std::exchange(w.left, 0);
  leap();
}

/// To the next moment, if everybody waits for it.
void leap_or_wait(guard& held) {
  auto& w = the_world();
  if (all_are_asleep() && leap()) return;
  if (next_moment() == time_point::max()) {
    w.changes.wait(held);
    return;
  }
  const auto before = w.activity;
  if (w.changes.wait_for(held, patience_with_threads) == std::cv_status::timeout &&
      before == w.activity)
    leap_without_others();
}

void sleep(guard& held, time_point until) {
  auto& w = the_world();
  switch (how.load()) {
    case passing::runs: {
      const auto next = w.events.empty() ? until : (std::min)(until, w.events.begin()->first);
      if (next == time_point::max())
        w.changes.wait(held);
      else
        w.changes.wait_until(held, next);
      return;
    }
    case passing::stands:
      w.changes.wait(held);
      return;
    case passing::leaps:
      leap_or_wait(held);
      return;
  }
}

}  // namespace

guard enter() {
  guard held{the_world().mutex};
  thread_local const presence noticed;
  ++the_world().activity;
  let_happen(clock::now());
  return held;
}

time_point moment() noexcept {
  const auto happening = the_world().happening;
  return happening == time_point{} ? clock::now() : happening;
}

std::chrono::sys_time<std::chrono::nanoseconds> wall_time_of(time_point when) noexcept {
  using std::chrono::system_clock;
  if (how == passing::runs) return system_clock::now() - (real_clock::now() - when);
  return the_world().wall_at_start + (when - the_world().start);
}

void at(time_point when, std::function<void()> what) {
  the_world().events.emplace(when, std::move(what));
  changed();  // those who sleep may have to wake sooner
}

void changed() noexcept {
  auto& w = the_world();
  ++w.activity;
  for (auto* each : w.sleepers) each->asleep = false;
  w.changes.notify_all();
}

ending wait_until(guard& held, deadline until, const std::function<bool()>& ready) {
  const auto cancel = find_waker(until.cancel_handle());
  const auto finished = [&]() -> std::optional<ending> {
    let_happen(clock::now());
    if (ready()) return ending::ready;
    if (cancel && cancel->awake) return ending::cancelled;
    if (until.has_passed()) return ending::timed_out;
    return std::nullopt;
  };
  if (const auto outcome = finished()) return *outcome;
  one_that_waits self{held, until.moment()};
  for (;;) {
    self.asleep = true;
    sleep(held, self.until);
    self.asleep = false;
    if (const auto outcome = finished()) return *outcome;
  }
}

ending wait_outside(deadline until, const std::function<bool(bool last)>& look) {
  auto held = enter();
  auto& w = the_world();
  const auto cancel = find_waker(until.cancel_handle());
  // Never asleep: the others do not see what it waits for.
  one_that_waits self{held, until.moment()};
  auto seen = w.activity;
  auto since = real_clock::now();
  for (;;) {
    let_happen(clock::now());
    const bool cancelled = cancel && cancel->awake;
    const bool last = cancelled || until.has_passed();
    held.unlock();
    const bool found = look(last);
    held.lock();
    if (found || last)
      return found ? ending::ready : cancelled ? ending::cancelled : ending::timed_out;
    const auto now = real_clock::now();
    if (std::exchange(seen, w.activity) != w.activity)
      since = now;
    else if (how == passing::leaps && now - since >= patience_with_threads)
      leap_without_others();
  }
}

void forget_events() noexcept {
  // Those that end with it may look at the others.
  const auto forgotten = std::exchange(the_world().events, {});
}

void set_passing(passing wanted, std::size_t threads) noexcept {
  auto& w = the_world();
  w.threads = static_cast<std::ptrdiff_t>(threads);
  w.left = w.gone = 0;
  if (how == passing::runs && wanted != passing::runs) {
    w.start = real_clock::now();
    w.wall_at_start = std::chrono::system_clock::now();
    set_virtual_now(w.start);
  }
  how = wanted;
  changed();
}

void advance_by(duration span) {
  if (how == passing::runs) return;
  const auto until = clock::now() + span;
  let_happen(until);
  set_virtual_now(until);
  changed();
}

void ring() noexcept {
  unheard_rings.fetch_add(1);
  ring_bell();
}

void listen_for_rings() {
  auto& w = the_world();
  if (std::exchange(w.listens, true)) return;
  ring_bell();  // so that the bell is there before a signal rings it
  // A signal handler may take no lock; this thread does, on its behalf.
  std::thread{[] {
    while (wait_for_bell()) {
      const int heard = unheard_rings.load();
      const guard held{the_world().mutex};
      changed();
      unheard_rings.fetch_sub(heard);
    }
  }}.detach();
}

}  // namespace portsock::platform::memory

namespace portsock::platform {

// The library's own threads come beside those that the test has spoken of.
result<> start_thread(void (*work)(void*) noexcept, void* argument) noexcept {
  try {
    const auto held = memory::enter();
    std::thread{[work, argument] {
      memory::is_of_library = true;
      static_cast<void>(memory::enter());  // so that its end is noticed
      work(argument);
    }}.detach();
    ++memory::the_world().threads;
    return {};
  } catch (const std::system_error&) {
    return fail(errc::no_memory);
  }
}

}  // namespace portsock::platform

namespace portsock {

deadline::clock::time_point deadline::clock::now() noexcept {
  using namespace platform::memory;
  if (how == passing::runs) return std::chrono::steady_clock::now();
  return time_point{duration{virtual_now.load()}};
}

}  // namespace portsock
