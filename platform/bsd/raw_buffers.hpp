// SPDX-License-Identifier: MIT
#pragma once

// Taking an IPv4 header off a packet whose header's length is known only once it has arrived,
// without room for a second packet: the header has a place of its own before the caller's buffer,
// and its options push the payload's end into a place of its own behind it.

#include <algorithm>
#include <array>
#include <cstddef>

#include <portsock/bytes.hpp>
#include <portsock/ip_header.hpp>

namespace portsock::platform {

class raw_buffers {
 public:
  explicit raw_buffers(mutable_bytes buffer) noexcept : buffer_{buffer} {}

  /// Where a packet goes that may begin with a header, in this order.
  std::array<mutable_bytes, 3> parts() noexcept { return {front_, buffer_, back_}; }

  /// Where the IPv4 header ends in a packet of `size` bytes; nothing if it has none.
  std::optional<ipv4_header> header(std::size_t size) const noexcept {
    // The options, if any, are the next bytes; decoding needs them to be there.
    std::array<std::byte, 60> whole{};
    const auto kept = std::ranges::copy(front_, whole.begin()).out;
    const auto more = (std::min)(buffer_.size(), whole.size() - front_.size());
    std::ranges::copy(buffer_.first(more), kept);
    return decode_ipv4_header(const_bytes{whole}.first((std::min)(size, whole.size())));
  }

  /// Moves what follows the first `skip` of `size` bytes to the front of the caller's buffer and
  /// returns how much of it found room there.
  std::size_t strip(std::size_t size, std::size_t skip) noexcept {
    const auto wanted = size > skip ? size - skip : 0;
    const auto kept = (std::min)(wanted, buffer_.size());
    if (skip < front_.size()) {  // no header: the packet's first bytes went to its place
      const auto ahead = front_.size() - skip;
      if (kept > ahead)
        std::ranges::copy_backward(buffer_.first(kept - ahead), buffer_.begin() + as_offset(kept));
      std::ranges::copy(mutable_bytes{front_}.subspan(skip, (std::min)(ahead, kept)),
                        buffer_.begin());
    } else {
      const auto options = skip - front_.size();
      const auto inside = buffer_.size() > options ? (std::min)(kept, buffer_.size() - options) : 0;
      if (inside != 0) std::ranges::copy(buffer_.subspan(options, inside), buffer_.begin());
      const auto spilled = options > buffer_.size() ? options - buffer_.size() : 0;
      std::ranges::copy(mutable_bytes{back_}.subspan(spilled, kept - inside),
                        buffer_.begin() + as_offset(inside));
    }
    return kept;
  }

 private:
  static std::ptrdiff_t as_offset(std::size_t at) noexcept {
    return static_cast<std::ptrdiff_t>(at);
  }

  mutable_bytes buffer_;
  std::array<std::byte, 20> front_;
  std::array<std::byte, 40> back_;
};

}  // namespace portsock::platform
