// SPDX-License-Identifier: MIT

// Of which route(4) tells everybody, among other things.

#include <cstring>

#include <net/if.h>
#include <net/route.h>

#include <platform/posix/socket_events.hpp>

#include "system.hpp"

namespace portsock::platform {
namespace {

/// All messages begin alike: with their length, a version and their type.
struct message_front {
  std::uint16_t length;
  std::uint8_t version;
  std::uint8_t type;
};

bool is_change(const_bytes messages) noexcept {
  while (messages.size() >= sizeof(message_front)) {
    message_front front;
    std::memcpy(&front, messages.data(), sizeof front);
    const int type = front.type;
    if (type == RTM_NEWADDR || type == RTM_DELADDR || type == RTM_IFINFO) return true;
    if (front.length < sizeof front || front.length > messages.size()) return false;
    messages = messages.subspan(front.length);
  }
  return false;
}

}  // namespace

result<std::unique_ptr<interface_events, interface_events_deleter>>
open_interface_events() noexcept {
  const int fd = new_socket(PF_ROUTE, SOCK_RAW, AF_UNSPEC);
  if (fd < 0) return std::unexpected{last_error()};
  return watch_socket<is_change>(unique_handle{to_handle(fd)});
}

}  // namespace portsock::platform
