// SPDX-License-Identifier: MIT
#pragma once

// Bytes that wait in order.

#include <algorithm>
#include <cstddef>
#include <vector>

#include <portsock/bytes.hpp>

namespace portsock::platform::memory {

class byte_queue {
 public:
  std::size_t size() const noexcept { return bytes_.size() - taken_; }
  bool empty() const noexcept { return size() == 0; }
  const_bytes front(std::size_t most) const noexcept {
    return const_bytes{bytes_}.subspan(taken_, (std::min)(most, size()));
  }

  void push(const_bytes data) { bytes_.insert(bytes_.end(), data.begin(), data.end()); }
  void drop(std::size_t count) noexcept {
    taken_ += count;
    // Moving what is left costs no more than was taken.
    if (taken_ * 2 >= bytes_.size()) {
      bytes_.erase(bytes_.begin(), bytes_.begin() + static_cast<std::ptrdiff_t>(taken_));
      taken_ = 0;
    }
  }
  std::size_t pop(mutable_bytes into) noexcept {
    const auto moved = front(into.size());
    std::copy_n(moved.data(), moved.size(), into.data());  // of pointers, which is a memmove
    const auto count = moved.size();
    drop(count);
    return count;
  }
  /// Forgets what is behind the first bytes.
  void keep(std::size_t count) noexcept {
    if (count < size()) bytes_.resize(taken_ + count);
  }
  void clear() noexcept {
    bytes_.clear();
    taken_ = 0;
  }

 private:
  std::vector<std::byte> bytes_;
  std::size_t taken_ = 0;
};

}  // namespace portsock::platform::memory
