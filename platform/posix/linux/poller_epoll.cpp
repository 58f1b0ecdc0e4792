// SPDX-License-Identifier: MIT

// The poller over epoll(7). The kernel carries the token, so a wait looks nothing up and costs what
// is ready, not what is watched.

#include <algorithm>
#include <array>
#include <atomic>
#include <cstring>
#include <limits>
#include <memory>
#include <new>

#include <sys/epoll.h>
#include <sys/syscall.h>

#include <platform/bsd/poll.hpp>
#include <platform/contract.hpp>

#include "native.hpp"
#include "pollers.hpp"

namespace portsock::platform {
namespace {

int milliseconds_of(deadline::clock::duration left) noexcept {
  using namespace std::chrono;
  constexpr milliseconds longest{(std::numeric_limits<int>::max)()};
  return static_cast<int>((std::min)(ceil<milliseconds>(left), longest).count());
}

/// epoll_pwait2 knows nanoseconds; it came with Linux 5.11, and emulators may be without it.
/// -1 and errno.
int wait_for(int queue, epoll_event* events, deadline::clock::duration left) noexcept {
  static std::atomic<bool> missing = false;
  if (left == left.zero() || left == left.max() || missing.load(std::memory_order_relaxed))
    return ::epoll_wait(queue, events, most_told, left == left.max() ? -1 : milliseconds_of(left));
  const auto time = to_kernel_time(left);
  const auto count = ::syscall(SYS_epoll_pwait2, queue, events, most_told, &time, nullptr, 0);
  // A sandbox that does not know the call may forbid it instead of missing it.
  if (count >= 0 || (errno != ENOSYS && errno != EPERM)) return static_cast<int>(count);
  missing.store(true, std::memory_order_relaxed);
  return wait_for(queue, events, left);
}

class epoll_set final : public poll_set {
 public:
  explicit epoll_set(unique_handle queue) noexcept : queue_{std::move(queue)} {}

  poll_mechanism mechanism() const noexcept override { return poll_mechanism::epoll; }

  result<> add(native_handle s, interest wanted, std::uint64_t token, trigger when) override {
    return control(EPOLL_CTL_ADD, s, wanted, token, when);
  }
  result<> change(native_handle s, interest wanted, std::uint64_t token, trigger when) override {
    return control(EPOLL_CTL_MOD, s, wanted, token, when);
  }
  result<> remove(native_handle s) override {
    return control(EPOLL_CTL_DEL, s, interest::both, 0, trigger::level);
  }

  result<std::span<const readiness>> wait(deadline until) override {
    const bool cancellable = until.cancel_handle() != native_handle::invalid;
    const auto count = cancellable ? collect_or_cancel(until) : collect(until);
    if (!count) return count.failure();
    return translated(*count);
  }

 private:
  result<> control(int how, native_handle s, interest wanted, std::uint64_t token,
                   trigger when) noexcept {
    epoll_event event{};
    event.events = events_for(wanted) | (when == trigger::edge ? EPOLLET : 0u);
    event.data.u64 = token;
    if (::epoll_ctl(descriptor(queue_.get()), how, descriptor(s), &event) == 0) return {};
    if (errno == EEXIST || errno == ENOENT) return fail(errc::invalid_argument);
    return std::unexpected{last_error()};
  }

  result<std::size_t> collect(deadline until) noexcept {
    for (;;) {
      const auto left = until.remaining();
      const int count = wait_for(descriptor(queue_.get()), events(), left);
      if (count > 0) return static_cast<std::size_t>(count);
      if (count < 0 && errno != EINTR) return std::unexpected{last_error()};
      // None although there is time: a signal, or a wait too long for milliseconds.
      if (count == 0 && (left == left.zero() || until.has_passed())) return 0u;
    }
  }

  /// The canceller is no part of the set, for it may be gone before the next wait. Asking it costs
  /// two system calls more, when nothing is ready.
  result<std::size_t> collect_or_cancel(deadline until) noexcept {
    for (;;) {
      const auto count = collect(deadline::now());
      if (!count || *count != 0) return count;
      poll_entry entries[] = {entry_for(queue_.get(), interest::receive),
                              entry_for(until.cancel_handle(), interest::receive)};
      if (auto outcome = poll(entries, until); !outcome) return outcome.failure();
      if (is_ready(entries[0])) continue;
      if (is_ready(entries[1])) return fail(errc::cancelled);
      return 0u;
    }
  }

  // The kernel's events lie at the end of the room and are told from its beginning, each no later
  // than its place is needed: what is read is what is written, and the cache holds one array.
  static_assert(sizeof(epoll_event) <= sizeof(readiness));

  std::byte* place_of_event(std::size_t i) noexcept {
    return room_.data() + room_.size() - (most_told - i) * sizeof(epoll_event);
  }
  epoll_event* events() noexcept { return reinterpret_cast<epoll_event*>(place_of_event(0)); }

  std::span<const readiness> translated(std::size_t count) noexcept {
    auto* const told = reinterpret_cast<readiness*>(room_.data());
    for (std::size_t i = 0; i != count; ++i) {
      epoll_event event;
      std::memcpy(&event, place_of_event(i), sizeof event);
      std::construct_at(told + i, readiness_of(event.events, event.data.u64));
    }
    return {std::launder(told), count};
  }

  unique_handle queue_;
  alignas(readiness) std::array<std::byte, most_told * sizeof(readiness)> room_;
};

}  // namespace

result<owned_poll_set> open_epoll() noexcept {
  unique_handle queue{to_handle(::epoll_create1(EPOLL_CLOEXEC))};
  if (!queue) return std::unexpected{last_error()};
  owned_poll_set set{new (std::nothrow) epoll_set{std::move(queue)}};
  if (!set) return fail(errc::no_memory);
  return set;
}

}  // namespace portsock::platform
