// SPDX-License-Identifier: MIT

// The poller over AFD. Each socket has a poll of its own under way, and those that are over come to
// a completion port: a wait costs what is ready. A poll answers once; a socket that was told of is
// asked about anew by the next wait, which gives the answer that it is still ready at once.

#include "poller_afd.hpp"

#include <algorithm>
#include <array>
#include <new>

#include "afd_watches.hpp"
#include "system.hpp"

namespace portsock::platform {
namespace {

using afd::watch;
using afd::watch_id;

constexpr bool wants(interest wanted, interest part) noexcept {
  return (static_cast<int>(wanted) & static_cast<int>(part)) != 0;
}
constexpr bool covers(interest more, interest less) noexcept {
  return (static_cast<int>(less) & ~static_cast<int>(more)) == 0;
}

constexpr ULONG broken = afd::aborted | afd::connect_failed;
constexpr ULONG worth_receiving = afd::can_receive | afd::can_accept | afd::end_of_stream;

constexpr ULONG events_for(interest wanted) noexcept {
  // The end of the stream is nothing to who wants to send, and stays.
  return broken | afd::closed_here | (wants(wanted, interest::receive) ? worth_receiving : 0) |
         (wants(wanted, interest::send) ? afd::can_send : 0);
}

class poll_afd final : public poll_set {
 public:
  explicit poll_afd(afd::unique_object port) noexcept : port_{std::move(port)} {}
  poll_afd(const poll_afd&) = delete;
  poll_afd& operator=(const poll_afd&) = delete;
  ~poll_afd() override;

  /// Whether the driver takes polls at all.
  result<> probe();

  poll_mechanism mechanism() const noexcept override { return poll_mechanism::afd; }
  result<> add(native_handle s, interest wanted, std::uint64_t token, trigger) override;
  result<> change(native_handle s, interest wanted, std::uint64_t token, trigger) override;
  result<> remove(native_handle s) override;
  result<std::span<const readiness>> wait(deadline until) override;

 private:
  static constexpr std::size_t most_at_once = 256;

  auto handle_of() const noexcept {
    return [this](watch_id id) { return watches_[id].socket; };
  }
  watch_id find(native_handle s) const noexcept { return index_.find(s, handle_of()); }

  result<watch_id> begin_to_watch(native_handle s);
  void end(watch_id id) noexcept;
  void forget(watch_id id) noexcept;

  result<> follow(native_handle canceller);
  result<> start_polls() noexcept;
  result<> start_poll(watch_id id) noexcept;
  result<> take_packets(int milliseconds) noexcept;
  result<ULONG> count_packets(int milliseconds) noexcept;
  void settle(watch_id id) noexcept;
  void tell(watch_id id) noexcept;

  afd::unique_object port_;
  afd::watch_store watches_{port_.get()};
  afd::watch_queue queue_{watches_};
  handle_index index_;
  std::size_t under_way_ = 0;  ///< polls whose answer is not taken from the port

  watch_id canceller_ = afd::no_watch;
  bool cancellable_ = false;  ///< this wait
  bool cancelled_ = false;
  std::size_t found_ = 0;
  std::array<readiness, most_at_once> ready_;
  std::array<OVERLAPPED_ENTRY, most_at_once> packets_;
};

poll_afd::~poll_afd() {
  // The system writes to the watches until the last poll is over, which is soon.
  watches_.cancel_all();
  while (under_way_ != 0) {
    const auto taken = count_packets(5000);
    if (taken && *taken != 0) continue;
    watches_.abandon();
    break;
  }
}

result<> poll_afd::probe() {
  const auto id = watches_.take();
  if (!id) return id.failure();
  watches_.give_back(*id);
  return {};
}

result<watch_id> poll_afd::begin_to_watch(native_handle s) {
  const auto base = afd::base_of(s);
  if (!base) return base.failure();
  const auto id = watches_.take();
  if (!id) return id.failure();
  auto& made = watches_[*id];
  made.socket = s;
  made.poll.info.socket = *base;
  return id;
}

/// The place is free as soon as no poll writes to it.
void poll_afd::end(watch_id id) noexcept {
  auto& old = watches_[id];
  if (old.is == watch::state::polled) {
    old.is = watch::state::forgotten;
    afd::cancel(watches_.device_of(id), old.poll);
    return;
  }
  if (old.is == watch::state::queued) queue_.remove(id);
  watches_.give_back(id);
}

/// For a socket that is closed, or a canceller: no poll is under way.
void poll_afd::forget(watch_id id) noexcept {
  if (id == canceller_)
    canceller_ = afd::no_watch;
  else
    index_.erase(watches_[id].socket, handle_of());
  end(id);
}

result<> poll_afd::add(native_handle s, interest wanted, std::uint64_t token, trigger) {
  // A socket that was closed without being removed may have left its number to this one, and word
  // of it may be in the port.
  if (find(s) != afd::no_watch)
    if (auto taken = take_packets(0); !taken) return taken.failure();
  if (find(s) != afd::no_watch) return fail(errc::invalid_argument);
  index_.make_room(handle_of());
  const auto id = begin_to_watch(s);
  if (!id) return id.failure();
  auto& made = watches_[*id];
  made.wanted = wanted;
  made.token = token;
  index_.insert(s, *id, handle_of());
  queue_.push(*id);
  return {};
}

result<> poll_afd::change(native_handle s, interest wanted, std::uint64_t token, trigger) {
  const auto id = find(s);
  if (id == afd::no_watch) return fail(errc::invalid_argument);
  auto& changed = watches_[id];
  changed.wanted = wanted;
  changed.token = token;
  // A poll that asks for more than is wanted may go on: what it tells too much is passed over.
  if (changed.is == watch::state::polled && !covers(changed.asked, wanted))
    afd::cancel(watches_.device_of(id), changed.poll);
  return {};
}

result<> poll_afd::remove(native_handle s) {
  const auto id = find(s);
  if (id == afd::no_watch) return fail(errc::invalid_argument);
  index_.erase(s, handle_of());
  end(id);
  return {};
}

result<std::span<const readiness>> poll_afd::wait(deadline until) {
  found_ = 0;
  cancelled_ = false;
  cancellable_ = until.cancel_handle() != native_handle::invalid;
  for (bool looked = false;;) {
    if (cancellable_)
      if (auto followed = follow(until.cancel_handle()); !followed) return followed.failure();
    const auto started = start_polls();
    // Sockets that are ready all the time hide nobody: each wait looks into the port, too.
    const bool in_haste = found_ != 0 || cancelled_ || !started;
    if (!in_haste || !looked) {
      const int left = in_haste ? 0 : milliseconds_left(until);
      if (auto taken = take_packets(left); !taken) return taken.failure();
      looked = true;
      // Timers of Windows may ring up to a tick early; so another round for what is left.
      if (!in_haste && !cancelled_ && (left != 0 || !queue_.empty())) continue;
    }
    if (found_ != 0) return std::span<const readiness>{ready_}.first(found_);
    if (cancelled_) return fail(errc::cancelled);
    if (!started) return started.failure();
    return std::span<const readiness>{};
  }
}

/// Watches the canceller of this wait. Its poll stays under way for the next, which is likely to
/// have the same.
result<> poll_afd::follow(native_handle canceller) {
  if (canceller_ != afd::no_watch) {
    const auto& current = watches_[canceller_];
    const bool same = current.socket == canceller;
    if (same && current.is != watch::state::idle) return {};
    end(std::exchange(canceller_, afd::no_watch));
  }
  const auto id = begin_to_watch(canceller);
  if (!id) return id.failure();
  canceller_ = *id;
  watches_[*id].wanted = interest::receive;
  queue_.push(*id);
  return {};
}

/// Starts the polls of those that were added, changed or told of, until half of the room for
/// answers is full.
result<> poll_afd::start_polls() noexcept {
  for (const auto last = queue_.back(); !queue_.empty() && found_ < most_at_once;) {
    const auto id = queue_.front();
    if (auto started = start_poll(id); !started) return started;
    if (id == last) break;
  }
  return {};
}

result<> poll_afd::start_poll(watch_id id) noexcept {
  auto& entry = watches_[id];
  queue_.remove(id);
  switch (afd::start(watches_.device_of(id), entry.poll, events_for(entry.wanted), id + 1)) {
    case afd::progress::over:
      tell(id);
      return {};
    case afd::progress::under_way:
      entry.is = watch::state::polled;
      entry.asked = entry.wanted;
      ++under_way_;
      return {};
    case afd::progress::socket_gone:
      forget(id);
      return {};
    case afd::progress::failed:
      break;
  }
  const auto reason = system_error(static_cast<int>(::GetLastError()));
  queue_.push(id);
  return std::unexpected{reason};
}

/// Sorts out what came to the port; nothing, if the time ran out.
result<> poll_afd::take_packets(int milliseconds) noexcept {
  const auto taken = count_packets(milliseconds);
  if (!taken) return taken.failure();
  for (const auto& packet : std::span{packets_}.first(*taken))
    settle(static_cast<watch_id>(reinterpret_cast<std::uintptr_t>(packet.lpOverlapped) - 1));
  return {};
}

result<ULONG> poll_afd::count_packets(int milliseconds) noexcept {
  ULONG taken = 0;
  if (::GetQueuedCompletionStatusEx(port_.get(), packets_.data(), most_at_once, &taken,
                                    static_cast<DWORD>(milliseconds), FALSE) == 0) {
    const auto code = ::GetLastError();
    if (code != WAIT_TIMEOUT) return std::unexpected{system_error(static_cast<int>(code))};
    taken = 0;
  }
  under_way_ -= taken;
  return taken;
}

/// The answer of a poll that ended in the port may be old: somebody may have dealt with it before
/// this wait, and to tell it now would make a receive wait that shall not. So a socket that was
/// ready is asked about anew, which tells at once whether it still is.
void poll_afd::settle(watch_id id) noexcept {
  auto& entry = watches_[id];
  const bool unwanted = entry.is == watch::state::forgotten;
  entry.is = watch::state::idle;
  if (unwanted) return watches_.give_back(id);
  if ((entry.poll.events() & afd::closed_here) != 0) return forget(id);
  if (id == canceller_)
    cancelled_ = cancellable_ && entry.poll.events() != 0;  // it stays so
  else
    queue_.push(id);
}

/// Tells what a poll found that was over as soon as it was started.
void poll_afd::tell(watch_id id) noexcept {
  auto& entry = watches_[id];
  const auto events = entry.poll.events();
  if ((events & afd::closed_here) != 0) return forget(id);
  if (id == canceller_) {
    cancelled_ = cancellable_;
    return;
  }
  queue_.push(id);
  const bool failed = (events & broken) != 0;
  const bool ended = failed || (events & afd::end_of_stream) != 0;
  ready_[found_++] = {
      .token = entry.token,
      .can_receive = failed || (events & worth_receiving) != 0,
      .can_send = (events & afd::can_send) != 0 || (failed && wants(entry.wanted, interest::send)),
      .failed = failed,
      .ended = ended};
}

}  // namespace

result<owned_poll_set> open_afd() noexcept {
  if (auto started = start(); !started) return started.failure();
  afd::unique_object port{::CreateIoCompletionPort(INVALID_HANDLE_VALUE, nullptr, 0, 1)};
  if (!port) return fail(errc::not_supported);
  auto* set = new (std::nothrow) poll_afd{std::move(port)};
  if (set == nullptr) return fail(errc::no_memory);
  owned_poll_set made{set};
  if (auto probed = set->probe(); !probed) return probed.failure();
  return made;
}

}  // namespace portsock::platform
