// SPDX-License-Identifier: MIT
#include "options.hpp"

#include "system.hpp"

namespace portsock::platform {
namespace {

// Headers before macOS 11 lack the IPv4 name.
constexpr int ip_dont_fragment = 28;

constexpr option_row rows[] = {
    same(option_id::keep_alive_idle, IPPROTO_TCP, TCP_KEEPALIVE, 1, 32767),
    {option_id::dont_fragment,
     {IPPROTO_IP, ip_dont_fragment, stored_as::integer},
     {IPPROTO_IPV6, IPV6_DONTFRAG, stored_as::integer},
     0,
     1},
    {option_id::outgoing_interface,
     {IPPROTO_IP, IP_BOUND_IF, stored_as::interface_index},
     {IPPROTO_IPV6, IPV6_BOUND_IF, stored_as::interface_index},
     0,
     largest_index},
};

}  // namespace

std::span<const option_row> system_option_rows() noexcept { return rows; }
std::int64_t to_system(option_id, std::int64_t value) noexcept { return value; }
std::int64_t from_system(option_id, std::int64_t value) noexcept { return value; }

}  // namespace portsock::platform
