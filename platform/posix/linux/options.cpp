// SPDX-License-Identifier: MIT
#include "options.hpp"

#include "system.hpp"

namespace portsock::platform {
namespace {

constexpr option_row rows[] = {
    same(option_id::keep_alive_idle, IPPROTO_TCP, TCP_KEEPIDLE, 1, 32767),
    {option_id::dont_fragment,
     {IPPROTO_IP, IP_MTU_DISCOVER, stored_as::integer},
     {IPPROTO_IPV6, IPV6_MTU_DISCOVER, stored_as::integer},
     0,
     1},
    // Since Linux 5.1; SO_BINDTODEVICE wants a name, which can change.
    same(option_id::outgoing_interface, SOL_SOCKET, SO_BINDTOIFINDEX, 0, largest_index,
         stored_as::interface_index),
};

}  // namespace

std::span<const option_row> system_option_rows() noexcept { return rows; }

// Linux chooses among four ways to discover the path's MTU; two of them are the option (ip(7)).
static_assert(IP_PMTUDISC_DO == IPV6_PMTUDISC_DO && IP_PMTUDISC_DONT == IPV6_PMTUDISC_DONT);

std::int64_t to_system(option_id id, std::int64_t value) noexcept {
  if (id != option_id::dont_fragment) return value;
  return value != 0 ? IP_PMTUDISC_DO : IP_PMTUDISC_DONT;
}
std::int64_t from_system(option_id id, std::int64_t value) noexcept {
  if (id != option_id::dont_fragment) return value;
  return value == IP_PMTUDISC_DO || value == IP_PMTUDISC_PROBE ? 1 : 0;
}

}  // namespace portsock::platform
