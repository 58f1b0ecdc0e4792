// SPDX-License-Identifier: MIT
#pragma once

// Buffers as sendmsg and recvmsg want them, on the stack.

#include <algorithm>
#include <array>
#include <cstddef>
#include <span>

#include <platform/contract.hpp>

#include "native.hpp"

namespace portsock::platform {

class vectors {
 public:
  /// The first max_buffers of `buffers`.
  template <class Buffer>
  explicit vectors(std::span<const Buffer> buffers) noexcept
      : count_{(std::min)(buffers.size(), max_buffers)} {
    for (std::size_t i = 0; i != count_; ++i)
      // The system's type has no const; what is sent is not written to.
      parts_[i] = {const_cast<std::byte*>(static_cast<const std::byte*>(buffers[i].data())),
                   buffers[i].size()};
  }

  /// Bytes in all.
  std::size_t size() const noexcept {
    std::size_t sum = 0;
    for (std::size_t i = 0; i != count_; ++i) sum += parts_[i].iov_len;
    return sum;
  }

  /// Points into this object.
  msghdr message() const noexcept {
    msghdr made{};
    made.msg_iov = const_cast<iovec*>(parts_.data());
    made.msg_iovlen = static_cast<decltype(made.msg_iovlen)>(count_);
    return made;
  }

 private:
  std::size_t count_;
  std::array<iovec, max_buffers> parts_;
};

}  // namespace portsock::platform
