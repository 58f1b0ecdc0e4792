// SPDX-License-Identifier: MIT
#pragma once

// The order in which addresses of both families are tried.

#include <algorithm>
#include <cstddef>
#include <span>
#include <vector>

#include <portsock/address.hpp>

namespace portsock::detail {

/// The families take turns, the first one's first, each in the order it had (RFC 8305, section 4):
/// a network on which one family is broken costs one attempt, not all of its addresses.
inline std::vector<endpoint> interleaved(std::span<const endpoint> peers) {
  if (peers.empty()) return {};
  const auto first = family_of(peers.front().address);
  std::vector<endpoint> ones;
  std::vector<endpoint> others;
  for (const auto& peer : peers) (family_of(peer.address) == first ? ones : others).push_back(peer);
  std::vector<endpoint> mixed;
  mixed.reserve(peers.size());
  for (std::size_t i = 0; i < std::max(ones.size(), others.size()); ++i) {
    if (i < ones.size()) mixed.push_back(ones[i]);
    if (i < others.size()) mixed.push_back(others[i]);
  }
  return mixed;
}

}  // namespace portsock::detail
