// SPDX-License-Identifier: MIT
#include <tests/support/groups.hpp>

#include <algorithm>
#include <array>

#include <tests/support/sockets.hpp>

namespace portsock::tests {
namespace {

bool can_be_heard(const venue& here) {
  const auto of = family_of(here.home);
  auto receiver = must(datagram_socket::bind({any(of), 0}));
  const auto port = must(receiver.local_endpoint()).port;
  must(receiver.set(options::multicast_loop, true));
  if (!receiver.join(group(of, 255), here.index)) return false;
  if (!receiver.set(options::multicast_interface, here.index)) return false;
  auto sender = multicast_sender(here);
  std::array<std::byte, 8> buffer;
  return sender.send_to(as_bytes("probe"), {group(of, 255), port}, soon()) &&
         receiver.receive_from(buffer, deadline::in(1s));
}

}  // namespace

ip_address group(family of, std::uint8_t number) {
  if (of == family::v4) return ipv4_address{{239, 255, 77, number}};
  return ipv6_address{{0xff, 0x11, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 77, number}};
}

datagram_socket multicast_sender(const venue& here) {
  auto sender = must(datagram_socket::bind({here.home, 0}));
  must(sender.set(options::multicast_interface, here.index));
  must(sender.set(options::multicast_hop_limit, 0));
  must(sender.set(options::multicast_loop, true));
  return sender;
}

std::optional<venue> find_venue(family of) {
  auto all = must(interfaces());
  std::ranges::partition(all, &network_interface::loopback);
  for (const auto& each : all) {
    if (!each.up || !(each.loopback || each.multicast)) continue;
    for (const auto& own : each.addresses)
      if (const venue here{each.index, own.address};
          family_of(own.address) == of && can_be_heard(here))
        return here;
  }
  return std::nullopt;
}

}  // namespace portsock::tests
