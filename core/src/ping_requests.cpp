// SPDX-License-Identifier: MIT
#include "ping_requests.hpp"

#include <algorithm>
#include <utility>

namespace portsock::ping {

request& requests::add(const request& made) {
  while (end_ - begin_ >= kept && ring_[slot(begin_)].what != fate::open) ++begin_;
  if (end_ - begin_ == capacity_) grow();
  auto& place = ring_[slot(end_++)];
  place = made;
  return place;
}

void requests::grow() {
  const auto larger = (std::max)(std::size_t{64}, 2 * capacity_);
  auto ring = std::make_unique<request[]>(larger);
  for (auto index = begin_; index != end_; ++index)
    ring[static_cast<std::size_t>(index & (larger - 1))] = ring_[slot(index)];
  ring_ = std::move(ring);
  capacity_ = larger;
}

}  // namespace portsock::ping
