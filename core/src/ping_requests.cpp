// SPDX-License-Identifier: MIT
#include "ping_requests.hpp"

namespace portsock::ping {

request& requests::add(const request& made) {
  while (end_ - begin_ >= kept && (*this)[begin_].what != fate::open) ++begin_;
  for (; chunk_of(begin_) != 0; ++first_chunk_) chunks_.pop_front();
  if (chunk_of(end_) == chunks_.size()) chunks_.emplace_back();
  return (*this)[end_++] = made;
}

}  // namespace portsock::ping
