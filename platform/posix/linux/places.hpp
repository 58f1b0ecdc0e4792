// SPDX-License-Identifier: MIT
#pragma once

// What a poller over io_uring keeps of each socket: 16 bytes, found by its number.

#include <array>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <vector>

#include <portsock/poller.hpp>

namespace portsock::platform {

/// One number, whichever socket has it.
struct place {
  std::uint64_t token;
  /// Counts what was asked of the kernel about this number, so that a late answer is known as one.
  std::uint32_t generation;
  std::uint16_t told_at;  ///< where the last wait told of it
  interest wanted;
  bool is_edge : 1;
  bool is_here : 1;
  bool is_asked : 1;  ///< the kernel has a request, or will be handed it
  bool goes_on : 1;   ///< the request stays after an answer
};
static_assert(sizeof(place) == 16);

/// Numbers are small and used again (open(2)), so a table by number has few gaps.
class place_table {
 public:
  /// nullptr where there never was a socket near this number.
  place* find(std::uint32_t number) const noexcept {
    const auto part = number / part_size;
    if (part >= parts_.size() || !parts_[part]) return nullptr;
    return &(*parts_[part])[number % part_size];
  }

  place& get(std::uint32_t number) {
    const auto part = number / part_size;
    if (part >= parts_.size()) parts_.resize(part + 1);
    if (!parts_[part]) parts_[part] = std::make_unique<places>();
    return (*parts_[part])[number % part_size];
  }

 private:
  static constexpr std::size_t part_size = 64;
  using places = std::array<place, part_size>;

  std::vector<std::unique_ptr<places>> parts_;
};

}  // namespace portsock::platform
