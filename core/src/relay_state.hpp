// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <memory>

#include <platform/conduit.hpp>
#include <platform/contract.hpp>

namespace portsock::detail {

/// What lies between the two ends of a relay: the system's own conduit as long as it carries, and
/// then a buffer.
struct relay_state {
 public:
  result<> open() noexcept;

  std::size_t held() const noexcept { return conduit_ ? conduit_->held() : last_ - first_; }
  bool copies() const noexcept { return !conduit_; }
  /// Into an empty one: at least a byte and at most `most`; 0 at the end of the source. With
  /// `waits` as a bare call, else errc::would_block instead of waiting.
  result<std::size_t> take(const platform::transfer_end& from, std::size_t most,
                           bool waits) noexcept;
  /// Of what is held, at least a byte and at most `most`.
  result<std::size_t> give(const platform::transfer_end& to, std::size_t most, bool waits) noexcept;

 private:
  /// From now on through the buffer, which gets what the conduit holds.
  result<> leave_conduit() noexcept;
  result<> reserve(std::size_t size) noexcept;

  platform::owned_conduit conduit_;
  std::unique_ptr<std::byte[]> buffer_;
  std::size_t size_ = 0;
  std::size_t first_ = 0;
  std::size_t last_ = 0;
};

}  // namespace portsock::detail
