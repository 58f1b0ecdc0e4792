// SPDX-License-Identifier: MIT

// The poller over io_uring(7). Edges are multishot polls: asked for once, and the kernel writes an
// answer each time. Levels are polls for one answer that are asked for again by the next wait, for
// the kernel's IORING_POLL_ADD_LEVEL only skips the first look (commit b9ba8a4463cd); such a
// request is answered at once while the socket is ready, and costs no system call of its own.

#include <algorithm>
#include <array>
#include <atomic>
#include <bit>
#include <cerrno>
#include <mutex>
#include <new>
#include <span>
#include <thread>
#include <utility>

#include <platform/bsd/poll.hpp>
#include <platform/contract.hpp>

#include "closing.hpp"
#include "native.hpp"
#include "places.hpp"
#include "pollers.hpp"
#include "ring.hpp"

namespace portsock::platform {
namespace {

/// The name of a request whose answer says nothing; no number of a socket is as high.
constexpr std::uint64_t nobody = ~std::uint64_t{0};

std::uint64_t name_of(std::uint32_t number, const place& at) noexcept {
  return std::uint64_t{at.generation} << 32 | number;
}

/// The kernel takes the events as two halves, the lower one first (io_uring_enter(2), poll32).
std::uint32_t poll_events(std::uint32_t events) noexcept {
  return std::endian::native == std::endian::little ? events : std::rotl(events, 16);
}

class io_uring_set final : public poll_set {
 public:
  explicit io_uring_set(ring opened) noexcept;
  ~io_uring_set() override;

  poll_mechanism mechanism() const noexcept override { return poll_mechanism::io_uring; }

  result<> add(native_handle s, interest wanted, std::uint64_t token, trigger when) override {
    used_by_this_thread();
    if (descriptor(s) < 0) return fail(errc::bad_handle);
    const auto number = number_of(s);
    auto& at = places_.get(number);
    if (at.is_here) return fail(errc::invalid_argument);
    return watch(number, at, wanted, token, when);
  }

  result<> change(native_handle s, interest wanted, std::uint64_t token, trigger when) override {
    const auto number = number_of(s);
    auto* const at = places_.find(number);
    if (at == nullptr || !at->is_here) return fail(errc::invalid_argument);
    if (auto stopped = stop_asking(number, *at); !stopped) return stopped;
    return watch(number, *at, wanted, token, when);
  }

  result<> remove(native_handle s) override {
    const auto number = number_of(s);
    auto* const at = places_.find(number);
    if (at == nullptr || !at->is_here) return fail(errc::invalid_argument);
    at->is_here = false;
    if (!at->is_asked) return {};
    if (auto stopped = stop_asking(number, *at); !stopped) return stopped;
    // At once: the kernel holds on to the socket, which is closed next.
    return ring_.submit({});
  }

  result<std::span<const readiness>> wait(deadline until) override;

  bool is_used_by(std::thread::id thread) const noexcept {
    return user_.load(std::memory_order_relaxed) == thread;
  }

  io_uring_set* next = nullptr;  ///< of those that are open

 private:
  static std::uint32_t number_of(native_handle s) noexcept {
    return static_cast<std::uint32_t>(descriptor(s));
  }

  void used_by_this_thread() noexcept {
    user_.store(std::this_thread::get_id(), std::memory_order_relaxed);
  }

  result<io_uring_sqe*> new_request() noexcept {
    if (auto* const request = ring_.new_request()) return request;
    if (auto made_room = ring_.submit({}); !made_room) return made_room.failure();
    if (auto* const request = ring_.new_request()) return request;
    return fail(errc::no_buffer_space);
  }

  result<> watch(std::uint32_t number, place& at, interest wanted, std::uint64_t token,
                 trigger when) noexcept {
    at.token = token;
    at.wanted = wanted;
    at.is_edge = when == trigger::edge;
    const auto asked = ask(number, at, at.is_edge);
    at.is_here = asked.has_value();
    return asked;
  }

  result<> ask(std::uint32_t number, place& at, bool goes_on) noexcept {
    const auto request = new_request();
    if (!request) return request.failure();
    (*request)->opcode = IORING_OP_POLL_ADD;
    (*request)->fd = static_cast<std::int32_t>(number);
    (*request)->poll32_events = poll_events(events_for(at.wanted));
    (*request)->len = goes_on ? IORING_POLL_ADD_MULTI : 0;
    (*request)->user_data = name_of(number, at);
    at.is_asked = true;
    at.goes_on = goes_on;
    return {};
  }

  /// What the kernel still answers is an answer to an earlier generation.
  result<> stop_asking(std::uint32_t number, place& at) noexcept {
    if (!at.is_asked) return {};
    const auto request = new_request();
    if (!request) return request.failure();
    // Not IORING_OP_POLL_REMOVE, which leaves a poll alone that is being answered.
    (*request)->opcode = IORING_OP_ASYNC_CANCEL;
    (*request)->fd = -1;
    (*request)->addr = name_of(number, at);
    (*request)->flags = IOSQE_CQE_SKIP_SUCCESS;
    (*request)->user_data = nobody;
    at.is_asked = false;
    ++at.generation;
    return {};
  }

  result<> ask_again(std::span<const std::uint32_t> told) noexcept;
  result<> ask_anew(std::size_t answers) noexcept;
  result<> take(const io_uring_cqe& answer) noexcept;
  result<> take_answers() noexcept;
  void tell(std::uint32_t number, place& at, std::uint32_t events) noexcept;

  ring ring_;
  place_table places_;
  std::atomic<std::thread::id> user_;
  std::size_t count_ = 0;
  std::array<readiness, most_told> told_;
  std::array<std::uint32_t, most_told> numbers_;  ///< of those told
};

/// Those that the last wait told of and the kernel no longer looks at.
result<> io_uring_set::ask_again(std::span<const std::uint32_t> told) noexcept {
  for (const auto number : told) {
    auto& at = *places_.find(number);
    if (!at.is_here) continue;
    if (at.is_asked && !at.is_edge && at.goes_on)
      if (auto stopped = stop_asking(number, at); !stopped) return stopped;
    if (!at.is_asked)
      if (auto asked = ask(number, at, at.is_edge); !asked) return asked;
  }
  return {};
}

/// What was answered between two waits need not be so any more, when the caller has read the data
/// for another reason: levels are looked at once more, together with the others.
result<> io_uring_set::ask_anew(std::size_t answers) noexcept {
  for (; answers != 0 && count_ != most_told; --answers) {
    const auto answer = ring_.answer();
    ring_.drop_answer();
    const auto number = static_cast<std::uint32_t>(answer.user_data);
    auto* const at = answer.user_data == nobody ? nullptr : places_.find(number);
    const bool is_level = at != nullptr && at->is_here && !at->is_edge && answer.res >= 0 &&
                          answer.user_data == name_of(number, *at);
    if (!is_level) {
      if (auto taken = take(answer); !taken) return taken;
      continue;
    }
    at->is_asked = (answer.flags & IORING_CQE_F_MORE) != 0;
    if (auto stopped = stop_asking(number, *at); !stopped) return stopped;
    if (auto asked = ask(number, *at, false); !asked) return asked;
  }
  return {};
}

void io_uring_set::tell(std::uint32_t number, place& at, std::uint32_t events) noexcept {
  const auto more = readiness_of(events, at.token);
  if (at.told_at >= count_ || numbers_[at.told_at] != number) {
    at.told_at = static_cast<std::uint16_t>(count_);
    numbers_[count_] = number;
    told_[count_++] = more;
    return;
  }
  auto& told = told_[at.told_at];
  told.can_receive |= more.can_receive;
  told.can_send |= more.can_send;
  told.failed |= more.failed;
  told.ended |= more.ended;
}

result<> io_uring_set::take(const io_uring_cqe& answer) noexcept {
  if (answer.user_data == nobody) return {};
  const auto number = static_cast<std::uint32_t>(answer.user_data);
  auto& at = *places_.find(number);
  if (!at.is_here || answer.user_data != name_of(number, at)) return {};  // removed since
  if ((answer.flags & IORING_CQE_F_MORE) == 0) at.is_asked = false;

  // The thread that asked has ended, and the kernel forgot what it asked.
  if (answer.res == -ECANCELED) return ask(number, at, at.is_edge);
  if (answer.res < 0) {  // it is closed, so nobody can remove it
    at.is_here = false;
    return {};
  }
  const auto asked_for = events_for(at.wanted) | EPOLLERR | EPOLLHUP;
  if (const auto events = static_cast<std::uint32_t>(answer.res) & asked_for; events != 0) {
    tell(number, at, events);
    return {};
  }
  // The kernel tells unasked that the peer has finished sending, and would do so again at once: a
  // poll that goes on tells each thing once.
  if (at.is_asked) return {};
  return ask(number, at, true);
}

result<> io_uring_set::take_answers() noexcept {
  while (count_ != most_told && ring_.has_answers()) {
    const auto answer = ring_.answer();
    ring_.drop_answer();
    if (auto taken = take(answer); !taken) return taken;
  }
  return {};
}

result<std::span<const readiness>> io_uring_set::wait(deadline until) {
  used_by_this_thread();
  // What found no room comes first, so that it is looked at once more too.
  if (ring_.has_overflowed())
    if (auto fetched = ring_.submit({}); !fetched) return fetched.failure();
  std::array<std::uint32_t, most_told> told;
  const auto told_end = std::copy_n(numbers_.begin(), count_, told.begin());
  count_ = 0;
  // Those that waited go before those that have had their turn, lest some that are always ready
  // hide the others.
  auto asked = ask_anew(ring_.count_answers());
  if (asked) asked = ask_again({told.begin(), told_end});
  if (!asked) return asked.failure();
  const bool cancellable = until.cancel_handle() != native_handle::invalid;
  for (;;) {
    const bool has_answers = count_ != 0 || ring_.has_answers();
    const auto left = until.remaining();
    if (!has_answers || ring_.has_requests() || ring_.has_overflowed()) {
      const auto span = has_answers || cancellable ? left.zero() : left;
      if (auto entered = ring_.submit(span); !entered) return entered.failure();
    }
    if (auto taken = take_answers(); !taken) return taken.failure();
    if (count_ != 0) return std::span<const readiness>{told_.data(), count_};
    if (has_answers || ring_.has_answers()) continue;  // of sockets that were removed
    if (cancellable) {
      poll_entry entries[] = {entry_for(ring_.handle(), interest::receive),
                              entry_for(until.cancel_handle(), interest::receive)};
      if (auto outcome = poll(entries, until); !outcome) return outcome.failure();
      if (!is_ready(entries[0]) && is_ready(entries[1])) return fail(errc::cancelled);
    }
    if (left == left.zero()) return std::span<const readiness>{};
  }
}

/// Those that are open, to be told of what is closed. Nothing here needs to be destroyed, for
/// sockets are closed until the very end of a program.
std::mutex guard_of_sets;
io_uring_set* first_set = nullptr;

/// On the thread that uses the poller alone: elsewhere a socket must be removed first.
void forget_before_closing(int fd) noexcept {
  const std::lock_guard lock{guard_of_sets};
  for (auto* set = first_set; set != nullptr; set = set->next)
    if (set->is_used_by(std::this_thread::get_id())) static_cast<void>(set->remove(to_handle(fd)));
}

io_uring_set::io_uring_set(ring opened) noexcept : ring_{std::move(opened)} {
  const std::lock_guard lock{guard_of_sets};
  next = std::exchange(first_set, this);
  tell_pollers_of_closing.store(forget_before_closing, std::memory_order_release);
}

io_uring_set::~io_uring_set() {
  const std::lock_guard lock{guard_of_sets};
  auto** link = &first_set;
  while (*link != this) link = &(*link)->next;
  *link = next;
}

}  // namespace

result<owned_poll_set> open_io_uring() noexcept {
  auto opened = ring::open();
  if (!opened) return opened.failure();
  owned_poll_set set{new (std::nothrow) io_uring_set{std::move(*opened)}};
  if (!set) return fail(errc::no_memory);
  return set;
}

}  // namespace portsock::platform
