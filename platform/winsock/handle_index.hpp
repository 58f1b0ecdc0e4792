// SPDX-License-Identifier: MIT
#pragma once

// From a socket to the number of the place that somebody keeps for it: a hash table of the numbers
// alone, 8 to 16 bytes a socket. Handles of Windows are no small integers to index an array with.

#include <cstddef>
#include <cstdint>
#include <vector>

#include <portsock/handle.hpp>

namespace portsock::platform {

class handle_index {
 public:
  static constexpr std::uint32_t none = 0xffff'ffff;

  /// The number of `s`, or none. `handle_of(number)` tells whose place it is.
  template <class HandleOf>
  std::uint32_t find(native_handle s, HandleOf handle_of) const noexcept {
    return slots_.empty() ? none : slots_[slot_of(s, handle_of)];
  }

  /// Before each insert(): the only part that allocates, and may throw std::bad_alloc.
  template <class HandleOf>
  void make_room(HandleOf handle_of) {
    if (2 * (size_ + 1) > slots_.size()) grow(handle_of);
  }
  /// `s` is not in the table.
  template <class HandleOf>
  void insert(native_handle s, std::uint32_t number, HandleOf handle_of) noexcept {
    slots_[slot_of(s, handle_of)] = number;
    ++size_;
  }

  /// `s` is in the table.
  template <class HandleOf>
  void erase(native_handle s, HandleOf handle_of) noexcept {
    auto gap = slot_of(s, handle_of);
    --size_;
    // Those behind move up, unless they are before their own first slot then (Knuth, 6.4, R).
    for (auto at = next(gap); slots_[at] != none; at = next(at)) {
      const auto home = home_of(handle_of(slots_[at]));
      if (((at - home) & mask()) < ((at - gap) & mask())) continue;
      slots_[gap] = slots_[at];
      gap = at;
    }
    slots_[gap] = none;
  }

 private:
  std::size_t mask() const noexcept { return slots_.size() - 1; }
  std::size_t next(std::size_t at) const noexcept { return (at + 1) & mask(); }
  std::size_t home_of(native_handle s) const noexcept {
    // Handles are multiples of four that lie close together; the product's upper half scatters
    // them.
    const auto mixed = static_cast<std::uint64_t>(s) * 0x9e37'79b9'7f4a'7c15u;
    return static_cast<std::size_t>(mixed >> 32) & mask();
  }
  template <class HandleOf>
  std::size_t slot_of(native_handle s, HandleOf handle_of) const noexcept {
    auto at = home_of(s);
    while (slots_[at] != none && handle_of(slots_[at]) != s) at = next(at);
    return at;
  }
  template <class HandleOf>
  void grow(HandleOf handle_of) {
    std::vector<std::uint32_t> wider(slots_.empty() ? 16 : 2 * slots_.size(), none);
    slots_.swap(wider);
    for (const auto number : wider)
      if (number != none) slots_[slot_of(handle_of(number), handle_of)] = number;
  }

  std::vector<std::uint32_t> slots_;
  std::size_t size_ = 0;
};

}  // namespace portsock::platform
