// SPDX-License-Identifier: MIT
#pragma once

// Many datagrams of one size as one buffer: send_segments() and receive_segments() of the datagram
// sockets. Where the system can cut and join them itself (Linux, newer Windows), a call costs
// little more than one for a single datagram; elsewhere each is sent, or received, by itself.
//
//   socket.send_segments(data, 1200, peer);               // 1200, 1200, …, the rest
//
//   socket.coalesce(true);
//   auto got = socket.receive_segments(buffer);           // 65,535 bytes of room
//   for (const_bytes datagram : got->in(buffer)) …

#include <algorithm>
#include <cstddef>
#include <iterator>
#include <optional>

#include <portsock/bytes.hpp>
#include <portsock/error.hpp>

namespace portsock {

/// Bytes seen as datagrams of one size, the last of which may be shorter. No bytes are one datagram
/// that is empty.
class segments {
 public:
  class iterator {
   public:
    using value_type = const_bytes;
    using difference_type = std::ptrdiff_t;
    using iterator_concept = std::forward_iterator_tag;

    constexpr iterator() noexcept = default;
    constexpr const_bytes operator*() const noexcept { return (*all_)[at_]; }
    constexpr iterator& operator++() noexcept {
      ++at_;
      return *this;
    }
    constexpr iterator operator++(int) noexcept {
      auto before = *this;
      ++at_;
      return before;
    }
    friend constexpr bool operator==(const iterator& left, const iterator& right) noexcept {
      return left.at_ == right.at_;
    }

   private:
    friend segments;
    constexpr iterator(const segments* all, std::size_t at) noexcept : all_{all}, at_{at} {}

    const segments* all_ = nullptr;
    std::size_t at_ = 0;
  };

  /// `segment_size` 0: all of it is one.
  constexpr segments(const_bytes data, std::size_t segment_size) noexcept
      : data_{data}, segment_size_{segment_size == 0 ? data.size() : segment_size} {}

  constexpr std::size_t size() const noexcept {
    return data_.empty() ? 1 : data_.size() / segment_size_ + (data_.size() % segment_size_ != 0);
  }
  /// `i` < size().
  constexpr const_bytes operator[](std::size_t i) const noexcept { return stretch(i, 1); }
  /// The bytes of `count` segments from the one at `i`, or of as many as there are.
  constexpr const_bytes stretch(std::size_t i, std::size_t count) const noexcept {
    const auto rest = data_.subspan(i * segment_size_);
    return count > rest.size() / (std::max)(segment_size_, std::size_t{1})
               ? rest
               : rest.first(count * segment_size_);
  }

  constexpr iterator begin() const noexcept { return {this, 0}; }
  constexpr iterator end() const noexcept { return {this, size()}; }

 private:
  const_bytes data_;
  std::size_t segment_size_;
};

/// How far it came: the first `count` segments are sent, the others are not.
struct [[nodiscard]] sent_segments {
  std::size_t count = 0;
  bool offloaded = false;       ///< the system cut them itself, or some of them
  std::optional<error> reason;  ///< why the one after them was not sent; nothing when all were

  explicit operator bool() const noexcept { return !reason; }
};

/// One datagram, or several of one sender in one buffer. `size` counts the bytes of all; with
/// `truncated` the last is cut, or others are lost that came behind it.
template <class Received>
struct coalesced : Received {
  std::size_t segment_size;  ///< of each but the last

  /// The datagrams; `buffer` is the one that they were received into, and lives on.
  segments in(const_bytes buffer) const noexcept {
    return {buffer.first(this->size), segment_size};
  }
};

}  // namespace portsock
