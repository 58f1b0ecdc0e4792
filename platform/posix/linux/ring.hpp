// SPDX-License-Identifier: MIT
#pragma once

// An io_uring as bare system calls and shared memory: io_uring_setup(2), io_uring_enter(2).

#include <cstddef>
#include <cstdint>
#include <memory>

#include <linux/io_uring.h>

#include <portsock/deadline.hpp>
#include <portsock/error.hpp>
#include <portsock/handle.hpp>

namespace portsock::platform {

/// Memory that the kernel shares with this process.
struct unmap {
  std::size_t size;
  void operator()(std::byte* start) const noexcept;
};
using shared_memory = std::unique_ptr<std::byte, unmap>;

/// Requests go in, answers come out. For one thread at a time.
class ring {
 public:
  /// errc::not_supported where the kernel is older than 5.17, or forbids it.
  static result<ring> open() noexcept;

  native_handle handle() const noexcept { return handle_.get(); }

  /// A request to fill in, or nullptr when so many are queued that submit() must come first.
  io_uring_sqe* new_request() noexcept;
  bool has_requests() const noexcept;

  bool has_answers() const noexcept { return count_answers() != 0; }
  std::size_t count_answers() const noexcept;
  /// The kernel holds some for which there was no room; submit() fetches them.
  bool has_overflowed() const noexcept;
  /// The oldest answer, until drop_answer(); has_answers() holds.
  const io_uring_cqe& answer() const noexcept;
  void drop_answer() noexcept;

  /// Hands the queued requests in, lets the kernel bring answers, and waits for one for `left`.
  /// A wait may end early, because of a signal for one.
  result<> submit(deadline::clock::duration left) noexcept;

 private:
  ring(unique_handle, const io_uring_params&) noexcept;

  unique_handle handle_;
  shared_memory queues_;
  shared_memory requests_;
  std::uint32_t* requests_head_ = nullptr;
  std::uint32_t* requests_tail_ = nullptr;
  std::uint32_t* flags_ = nullptr;
  std::uint32_t* answers_head_ = nullptr;
  std::uint32_t* answers_tail_ = nullptr;
  const io_uring_cqe* answers_ = nullptr;
  std::uint32_t request_count_ = 0;
  std::uint32_t answer_mask_ = 0;
};

}  // namespace portsock::platform
