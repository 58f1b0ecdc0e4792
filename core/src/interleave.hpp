// SPDX-License-Identifier: MIT
#pragma once

// The order in which addresses of both families are tried.

#include <algorithm>
#include <span>
#include <vector>

#include <portsock/address.hpp>

namespace portsock::detail {

/// The families take turns, the first one's first, each in the order it had (RFC 8305, section 4):
/// a network on which one family is broken costs one attempt, not all of its addresses.
inline std::vector<endpoint> interleaved(std::span<const endpoint> peers) {
  std::vector<endpoint> order{peers.begin(), peers.end()};
  if (order.empty()) return order;
  const auto first = family_of(order.front().address);
  const auto others = std::stable_partition(order.begin(), order.end(), [first](const endpoint& e) {
    return family_of(e.address) == first;
  });
  std::vector<endpoint> mixed;
  mixed.reserve(order.size());
  for (auto one = order.begin(), other = others; one != others || other != order.end();) {
    if (one != others) mixed.push_back(*one++);
    if (other != order.end()) mixed.push_back(*other++);
  }
  return mixed;
}

}  // namespace portsock::detail
