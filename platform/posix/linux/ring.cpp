// SPDX-License-Identifier: MIT
#include "ring.hpp"

#include <atomic>
#include <cstring>
#include <utility>

#include <sys/mman.h>
#include <sys/syscall.h>

#include "native.hpp"
#include "pollers.hpp"

namespace portsock::platform {
namespace {

/// Requests are handed in when so many are queued. The kernel keeps answers that find no room.
constexpr std::uint32_t request_room = 256;
constexpr std::uint32_t answer_room = 1024;

/// The youngest of what the poller needs (Linux 5.17); waiting with a time, answers that are never
/// lost, one mapping and polls that go on after an answer are older.
constexpr std::uint32_t needed_features =
    IORING_FEAT_SINGLE_MMAP | IORING_FEAT_NODROP | IORING_FEAT_EXT_ARG | IORING_FEAT_CQE_SKIP;

std::uint32_t load(std::uint32_t* shared) noexcept {
  return std::atomic_ref{*shared}.load(std::memory_order_acquire);
}
void store(std::uint32_t* shared, std::uint32_t value) noexcept {
  std::atomic_ref{*shared}.store(value, std::memory_order_release);
}

int set_up(io_uring_params& parameters) noexcept {
  parameters = {};
  // Answers are made when this thread enters the kernel anyway, not by interrupting it (5.19).
  parameters.flags = IORING_SETUP_CQSIZE | IORING_SETUP_SUBMIT_ALL | IORING_SETUP_COOP_TASKRUN;
  parameters.cq_entries = answer_room;
  const int fd = static_cast<int>(::syscall(SYS_io_uring_setup, request_room, &parameters));
  if (fd >= 0 || errno != EINVAL) return fd;
  parameters = {};
  parameters.flags = IORING_SETUP_CQSIZE;
  parameters.cq_entries = answer_room;
  return static_cast<int>(::syscall(SYS_io_uring_setup, request_room, &parameters));
}

std::size_t size_of_queues(const io_uring_params& made) noexcept {
  const auto requests = made.sq_off.array + made.sq_entries * sizeof(std::uint32_t);
  const auto answers = made.cq_off.cqes + made.cq_entries * sizeof(io_uring_cqe);
  return requests > answers ? requests : answers;
}

shared_memory map(native_handle ring, std::size_t size, off_t which) noexcept {
  void* const mapped = ::mmap(nullptr, size, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_POPULATE,
                              descriptor(ring), which);
  return {mapped == MAP_FAILED ? nullptr : static_cast<std::byte*>(mapped), unmap{size}};
}

template <class T>
T* at(const shared_memory& memory, std::size_t offset) noexcept {
  return reinterpret_cast<T*>(memory.get() + offset);
}

}  // namespace

void unmap::operator()(std::byte* start) const noexcept { ::munmap(start, size); }

ring::ring(unique_handle opened, const io_uring_params& made) noexcept
    : handle_{std::move(opened)},
      queues_{map(handle_.get(), size_of_queues(made), IORING_OFF_SQ_RING)},
      requests_{map(handle_.get(), made.sq_entries * sizeof(io_uring_sqe), IORING_OFF_SQES)},
      request_count_{made.sq_entries},
      answer_mask_{made.cq_entries - 1} {
  if (!queues_ || !requests_) return;
  requests_head_ = at<std::uint32_t>(queues_, made.sq_off.head);
  requests_tail_ = at<std::uint32_t>(queues_, made.sq_off.tail);
  flags_ = at<std::uint32_t>(queues_, made.sq_off.flags);
  answers_head_ = at<std::uint32_t>(queues_, made.cq_off.head);
  answers_tail_ = at<std::uint32_t>(queues_, made.cq_off.tail);
  answers_ = at<const io_uring_cqe>(queues_, made.cq_off.cqes);
  // The kernel takes requests in the order that this array says; they are filled in in turn.
  auto* const order = at<std::uint32_t>(queues_, made.sq_off.array);
  for (std::uint32_t i = 0; i != request_count_; ++i) order[i] = i;
}

result<ring> ring::open() noexcept {
  io_uring_params made;
  unique_handle handle{to_handle(set_up(made))};
  if (!handle) {
    // The system has too many files open, which is no matter of io_uring.
    if (errno == EMFILE || errno == ENFILE) return std::unexpected{last_error()};
    return fail(errc::not_supported);
  }
  if ((made.features & needed_features) != needed_features) return fail(errc::not_supported);
  ring opened{std::move(handle), made};
  if (!opened.queues_ || !opened.requests_) return fail(errc::not_supported);
  return opened;
}

io_uring_sqe* ring::new_request() noexcept {
  const auto tail = *requests_tail_;
  if (tail - load(requests_head_) == request_count_) return nullptr;
  auto* const request = at<io_uring_sqe>(requests_, 0) + (tail & (request_count_ - 1));
  std::memset(request, 0, sizeof *request);
  // Nobody looks before submit() enters the kernel.
  store(requests_tail_, tail + 1);
  return request;
}

bool ring::has_requests() const noexcept { return *requests_tail_ != load(requests_head_); }

std::size_t ring::count_answers() const noexcept { return load(answers_tail_) - *answers_head_; }

bool ring::has_overflowed() const noexcept { return (load(flags_) & IORING_SQ_CQ_OVERFLOW) != 0; }

const io_uring_cqe& ring::answer() const noexcept {
  return answers_[*answers_head_ & answer_mask_];
}

void ring::drop_answer() noexcept { store(answers_head_, *answers_head_ + 1); }

result<> ring::submit(deadline::clock::duration left) noexcept {
  const auto time = to_kernel_time(left);
  io_uring_getevents_arg limits{};
  if (left != left.max()) limits.ts = reinterpret_cast<std::uintptr_t>(&time);
  const std::uint32_t count = *requests_tail_ - load(requests_head_);
  const auto outcome =
      ::syscall(SYS_io_uring_enter, descriptor(handle_.get()), count, left == left.zero() ? 0u : 1u,
                IORING_ENTER_GETEVENTS | IORING_ENTER_EXT_ARG, &limits, sizeof limits);
  // EBUSY and EAGAIN ask to take answers first; what was not handed in is handed in next time.
  if (outcome >= 0 || errno == EINTR || errno == ETIME || errno == EBUSY || errno == EAGAIN)
    return {};
  return std::unexpected{last_error()};
}

}  // namespace portsock::platform
