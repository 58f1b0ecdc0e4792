// SPDX-License-Identifier: MIT
#pragma once

// Where an engine's hosts are.

#include <cstdint>
#include <deque>

#include <portsock/address.hpp>

namespace portsock::ping {

/// Addresses in the order in which they were added. One that follows the one before it, as in a
/// network that is swept, takes up no room.
class addresses {
 public:
  void add(const ip_address& one);
  ip_address operator[](std::uint32_t id) const noexcept;

 private:
  struct run {
    std::uint32_t begin;
    ip_address first;
  };

  std::deque<run> runs_;
  std::uint32_t size_ = 0;
};

}  // namespace portsock::ping
