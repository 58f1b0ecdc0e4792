// SPDX-License-Identifier: MIT
#pragma once

// Buffers as WSASend and WSARecv want them, on the stack. WSABUF is no iovec: its members come the
// other way round, and its length has 32 bits.

#include <algorithm>
#include <array>
#include <cstddef>
#include <span>

#include <platform/contract.hpp>

#include "native.hpp"

namespace portsock::platform {

class vectors {
 public:
  /// The first max_buffers of `buffers`, and of them the first `most` bytes.
  template <class Buffer>
  explicit vectors(std::span<const Buffer> buffers, std::size_t most = largest_length) noexcept {
    for (const auto& buffer : buffers.first((std::min)(buffers.size(), max_buffers)))
      append(buffer, (std::min)(buffer.size(), most - size_));
    // A call without any buffer is refused; an empty datagram has an empty one.
    if (count_ == 0) append(const_bytes{}, 0);
  }

  WSABUF* data() noexcept { return parts_.data(); }
  DWORD count() const noexcept { return count_; }
  /// The bytes of all of them.
  std::size_t size() const noexcept { return size_; }

 private:
  void append(const_bytes buffer, std::size_t size) noexcept {
    // The system's type has no const; what is sent is not written to.
    parts_[count_++] = {static_cast<ULONG>(size), const_cast<char*>(chars(buffer.data()))};
    size_ += size;
  }

  DWORD count_ = 0;
  std::size_t size_ = 0;
  std::array<WSABUF, max_buffers> parts_;
};

}  // namespace portsock::platform
