// SPDX-License-Identifier: MIT
#include "ping_hosts.hpp"

#include <algorithm>
#include <variant>

namespace portsock::ping {
namespace {

ip_address so_far_behind(ip_address first, std::uint32_t distance) noexcept {
  std::visit(
      [distance](auto& address) {
        std::uint64_t carry = distance;
        for (auto at = address.bytes.size(); at-- != 0 && carry != 0; carry >>= 8) {
          carry += address.bytes[at];
          address.bytes[at] = static_cast<std::uint8_t>(carry & 0xff);
        }
      },
      first);
  return first;
}

}  // namespace

void addresses::add(const ip_address& one) {
  if (runs_.empty() || (*this)[size_] != one) runs_.push_back({size_, one});
  ++size_;
}

ip_address addresses::operator[](std::uint32_t id) const noexcept {
  const auto next = std::ranges::upper_bound(runs_, id, {}, &run::begin);
  const auto& [begin, first] = *(next - 1);
  return so_far_behind(first, id - begin);
}

}  // namespace portsock::ping
