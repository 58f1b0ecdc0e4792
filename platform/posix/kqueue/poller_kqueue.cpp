// SPDX-License-Identifier: MIT

// The poller over kqueue (kqueue(2) of FreeBSD and of macOS): a wait costs what is ready. Receiving
// and sending are filters apart, so that a socket which is ready for both has two events of one
// wait; they are told as one.

#include "poller_kqueue.hpp"

#include <sys/event.h>
#include <sys/types.h>

#include <fcntl.h>

#include <algorithm>
#include <array>
#include <chrono>
#include <ctime>
#include <new>
#include <utility>
#include <vector>

#include "native.hpp"

namespace portsock::platform {
namespace {

using kernel_event = struct kevent;  // the name is a function's, too

/// Interests as a set that may be empty.
using filters = std::uint8_t;
constexpr filters receiving = static_cast<filters>(interest::receive);
constexpr filters sending = static_cast<filters>(interest::send);

constexpr filters filter_of(const kernel_event& event) noexcept {
  return event.filter == EVFILT_READ ? receiving : sending;
}

/// Changes that are made by one call.
class change_list {
 public:
  void add(int s, filters which, trigger when) noexcept {
    put(s, which, EV_ADD | (when == trigger::edge ? EV_CLEAR : 0));
  }
  void remove(int s, filters which) noexcept { put(s, which, EV_DELETE); }
  /// Fails with ENOENT where a filter is not there.
  void look_for(int s, filters which) noexcept { put(s, which, EV_ENABLE); }

  std::span<const kernel_event> all() const noexcept { return std::span{changes_}.first(size_); }

  /// Makes all of them, whatever becomes of each. The first errno, or 0.
  int make(int kqueue) noexcept {
    for (auto& each : changes_) each.flags |= EV_RECEIPT;
    const auto size = static_cast<int>(size_);
    if (size_ == 0) return 0;
    if (::kevent(kqueue, changes_.data(), size, changes_.data(), size, nullptr) < 0) return errno;
    for (const auto& receipt : all())
      if (receipt.data != 0) return static_cast<int>(receipt.data);
    return 0;
  }

 private:
  void put(int s, filters which, int flags) noexcept {
    for (const auto filter : {receiving, sending}) {
      if ((which & filter) == 0) continue;
      auto& next = changes_[size_++];
      next.ident = static_cast<decltype(next.ident)>(s);
      next.filter = filter == receiving ? EVFILT_READ : EVFILT_WRITE;
      next.flags = static_cast<decltype(next.flags)>(flags);
    }
  }

  std::array<kernel_event, 4> changes_{};
  std::size_t size_ = 0;
};

class poll_kqueue final : public poll_set {
 public:
  explicit poll_kqueue(unique_handle made) noexcept : kqueue_{std::move(made)} {}

  poll_mechanism mechanism() const noexcept override { return poll_mechanism::kqueue; }

  result<> add(native_handle s, interest wanted, std::uint64_t token, trigger when) override {
    const int fd = descriptor(s);
    if (fd < 0) return fail(errc::bad_handle);
    if (static_cast<std::size_t>(fd) >= watches_.size())
      watches_.resize(static_cast<std::size_t>(fd) + 1);
    if (is_watched(fd)) return fail(errc::invalid_argument);
    const auto which = static_cast<filters>(wanted);
    change_list changes;
    changes.add(fd, which, when);
    if (const int reason = changes.make(kqueue()); reason != 0) {
      take_out(fd, which);
      return std::unexpected{system_error(reason)};
    }
    at(fd) = {token, 0, which, when};
    return {};
  }

  result<> change(native_handle s, interest wanted, std::uint64_t token, trigger when) override {
    const int fd = descriptor(s);
    if (!has(fd)) return fail(errc::invalid_argument);
    auto& now = at(fd);
    const auto which = static_cast<filters>(wanted);
    // Levels that stay stay as they are. An edge has to come again, and no filter becomes the other
    // kind when it is added anew.
    const bool stays = when == now.when && when == trigger::level;
    const auto kept = static_cast<filters>(stays ? which & now.which : 0);
    change_list changes;
    changes.remove(fd, static_cast<filters>(now.which & ~kept));
    changes.add(fd, static_cast<filters>(which & ~kept), when);
    if (const int reason = changes.make(kqueue()); reason != 0) {
      take_out(fd, std::exchange(now, {}).which | which);
      // The number is another socket's than when it was added.
      if (reason == ENOENT) return fail(errc::invalid_argument);
      return std::unexpected{system_error(reason)};
    }
    now = {token, 0, which, when};
    return {};
  }

  result<> remove(native_handle s) override {
    const int fd = descriptor(s);
    if (!has(fd)) return fail(errc::invalid_argument);
    take_out(fd, std::exchange(at(fd), {}).which);
    return {};
  }

  result<std::span<const readiness>> wait(deadline until) override;

 private:
  static constexpr std::size_t most_at_once = 256;

  struct watch {
    std::uint64_t token = 0;
    std::uint32_t place = 0;  ///< in ready_, if told_ says so too
    filters which = 0;        ///< none: it is not watched
    trigger when = trigger::level;
  };

  int kqueue() const noexcept { return descriptor(kqueue_.get()); }
  watch& at(int fd) noexcept { return watches_[static_cast<std::size_t>(fd)]; }
  bool has(int fd) noexcept {
    return fd >= 0 && static_cast<std::size_t>(fd) < watches_.size() && at(fd).which != 0;
  }
  /// Whether the number belongs to the socket that was added by it, and to no later one.
  bool is_watched(int fd) noexcept {
    if (!has(fd)) return false;
    change_list question;
    question.look_for(fd, at(fd).which);
    return question.make(kqueue()) != ENOENT;
  }

  /// A socket that was closed took its filters along.
  void take_out(int fd, int which) noexcept {
    change_list changes;
    changes.remove(fd, static_cast<filters>(which));
    changes.make(kqueue());
  }

  change_list follow(int canceller) noexcept;
  result<std::span<const kernel_event>> next_events(const change_list& changes,
                                                    deadline until) noexcept;
  void tell(const kernel_event& event) noexcept;

  unique_handle kqueue_;
  int canceller_ = -1;  ///< of the last wait that had one
  std::size_t found_ = 0;
  std::vector<watch> watches_;  ///< by descriptor: 16 bytes each
  std::array<readiness, most_at_once> ready_;
  std::array<int, most_at_once> told_;  ///< the descriptors of ready_
  std::array<kernel_event, most_at_once> events_;
};

result<std::span<const readiness>> poll_kqueue::wait(deadline until) {
  const int canceller = descriptor(until.cancel_handle());
  auto changes = follow(canceller);
  for (;;) {
    const auto events = next_events(changes, until);
    changes = {};
    if (!events) return events.failure();
    found_ = 0;
    bool cancelled = false;
    for (const auto& event : *events) {
      const bool cancels = static_cast<int>(event.ident) == canceller;
      if ((event.flags & EV_ERROR) == 0) {
        tell(event);
        cancelled = cancelled || (cancels && event.filter == EVFILT_READ);
      } else if (cancels) {
        return std::unexpected{system_error(static_cast<int>(event.data))};
      }  // else the canceller of an earlier wait is closed
    }
    if (found_ != 0) return std::span<const readiness>{ready_}.first(found_);
    if (cancelled) return fail(errc::cancelled);
    if (events->empty() && until.has_passed()) return std::span<const readiness>{};
  }
}

/// The changes by which a wait hears of its canceller and of no other, made by the call that waits.
change_list poll_kqueue::follow(int canceller) noexcept {
  change_list changes;
  if (canceller_ != canceller && canceller_ >= 0 &&
      !(has(canceller_) && (at(canceller_).which & receiving) != 0))
    changes.remove(canceller_, receiving);
  // Anew each time: another canceller may have got the number.
  if (canceller >= 0) changes.add(canceller, receiving, trigger::level);
  canceller_ = canceller;
  return changes;
}

/// None when a signal, or a day, came sooner than an event.
result<std::span<const kernel_event>> poll_kqueue::next_events(const change_list& changes,
                                                               deadline until) noexcept {
  using namespace std::chrono;
  // macOS refuses long times (EINVAL).
  const auto left = (std::min)(until.remaining(), deadline::clock::duration{days{1}});
  const auto whole = duration_cast<seconds>(left);
  const timespec timeout{static_cast<std::time_t>(whole.count()),
                         static_cast<long>(nanoseconds{left - whole}.count())};
  const auto made = changes.all();
  const int count =
      ::kevent(kqueue(), made.data(), static_cast<int>(made.size()), events_.data(),
               static_cast<int>(events_.size()), until.is_never() ? nullptr : &timeout);
  // The changes are made before anything is waited for, and so by a call that a signal ends, too.
  if (count < 0 && errno == EINTR) return std::span<const kernel_event>{};
  if (count < 0) return std::unexpected{last_error()};
  return std::span<const kernel_event>{events_}.first(static_cast<std::size_t>(count));
}

void poll_kqueue::tell(const kernel_event& event) noexcept {
  const auto fd = static_cast<int>(event.ident);
  if (!has(fd) || (at(fd).which & filter_of(event)) == 0) return;
  auto& about = at(fd);
  if (about.place >= found_ || told_[about.place] != fd) {
    about.place = static_cast<std::uint32_t>(found_++);
    told_[about.place] = fd;
    ready_[about.place] = {about.token, false, false, false, false};
  }
  auto& told = ready_[about.place];
  const bool receives = event.filter == EVFILT_READ;
  const bool over = (event.flags & EV_EOF) != 0;
  const bool failed = over && event.fflags != 0;  // the error that waits on the socket
  told.failed = told.failed || failed;
  told.ended = told.ended || failed || (over && receives);
  told.can_receive = told.can_receive || failed || receives;
  told.can_send = told.can_send || !receives || (failed && (about.which & sending) != 0);
}

}  // namespace

result<owned_poll_set> open_kqueue() noexcept {
  unique_handle made{to_handle(::kqueue())};
  if (made.get() == native_handle::invalid) return std::unexpected{last_error()};
  if (::fcntl(descriptor(made.get()), F_SETFD, FD_CLOEXEC) != 0)
    return std::unexpected{last_error()};
  owned_poll_set set{new (std::nothrow) poll_kqueue{std::move(made)}};
  if (!set) return fail(errc::no_memory);
  return set;
}

}  // namespace portsock::platform
