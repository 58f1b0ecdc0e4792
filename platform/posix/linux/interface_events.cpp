// SPDX-License-Identifier: MIT

// Of which rtnetlink(7) tells who is in its groups.

#include <linux/netlink.h>
#include <linux/rtnetlink.h>

#include <platform/posix/socket_events.hpp>

#include "system.hpp"

namespace portsock::platform {
namespace {

/// The groups carry nothing else.
bool is_change(const_bytes) noexcept { return true; }

}  // namespace

result<std::unique_ptr<interface_events, interface_events_deleter>>
open_interface_events() noexcept {
  const int fd = new_socket(AF_NETLINK, SOCK_RAW, NETLINK_ROUTE);
  if (fd < 0) return std::unexpected{last_error()};
  unique_handle made{to_handle(fd)};
  sockaddr_nl name{};
  name.nl_family = AF_NETLINK;
  name.nl_groups = RTMGRP_LINK | RTMGRP_IPV4_IFADDR | RTMGRP_IPV6_IFADDR;
  if (::bind(fd, reinterpret_cast<const sockaddr*>(&name), sizeof name) != 0)
    return std::unexpected{last_error()};
  return watch_socket<is_change>(std::move(made));
}

}  // namespace portsock::platform
