// SPDX-License-Identifier: MIT
#include <variant>
#include <vector>

#include <portsock/icmp_socket.hpp>
#include <portsock/raw_socket.hpp>
#include <tests/faults/scenario.hpp>

namespace portsock::faults {
namespace {

const ip_address here = ipv4_address::loopback();
constexpr std::uint16_t identifier = 0x4f2d;

bool is_our_reply(const icmp::message& what) {
  const auto* const reply = std::get_if<icmp::echo_reply>(&what);
  return reply != nullptr && reply->sequence == 5;
}

template <class Socket>
Socket permitted(result<Socket> opened) {
  if (!opened && opened.error() == errc::access_denied) throw not_here{};
  return take("open", std::move(opened));
}

void ping(icmp_access access) {
  auto socket = permitted(icmp_socket::open(family::v4, access));
  socket.listen_for(identifier);
  take("set_hop_limit", socket.set_hop_limit(9));
  expect(take("get", platform::get_option(socket.native(), option_id::hop_limit)) == 9,
         "the hop limit is that");
  take("send", socket.send({{.identifier = identifier, .sequence = 5}}, here));
  std::vector<std::byte> room(2000);
  while (!is_our_reply(take("receive", socket.receive(room, soon())).message)) {
  }
}

void ping_in_batches(icmp_access access) {
  auto socket = permitted(icmp_socket::open(family::v4, access));
  icmp_room room{64};
  std::array requests{icmp_outgoing{{{.identifier = identifier, .sequence = 5}}, here}};
  expect(take("send_some", socket.send_some(requests, room, true)) == 1, "it goes");
  const auto until = soon();
  for (;;) {
    const auto came = take("receive_some", socket.receive_some(room));
    for (const auto& event : came.events)
      if (is_our_reply(event.message)) return;
    if (until.has_passed()) throw refused{"receive_some", errc::timed_out};
  }
}

template <icmp_access Access, void (*Run)(icmp_access)>
void by() {
  Run(Access);
}

void send_raw() {
  auto there = take("bind", datagram_socket::bind(home));
  auto socket = permitted(raw_socket::open(family::v4, protocol::udp));
  take("bind raw", socket.bind(here));
  expect(take("local_endpoint raw", socket.local_endpoint()).address == here, "it is bound");
  const auto port = take("local_endpoint", there.local_endpoint()).port;
  // A UDP header without a checksum, and a byte.
  const std::array packet{std::byte{0},
                          std::byte{9},
                          static_cast<std::byte>(port >> 8),
                          static_cast<std::byte>(port),
                          std::byte{0},
                          std::byte{9},
                          std::byte{0},
                          std::byte{0},
                          std::byte{'x'}};
  take("send_to", socket.send_to(packet, here, soon()));
  std::array<std::byte, 4> room;
  expect(take("receive_from", there.receive_from(room, soon())).size == 1,
         "it arrives as a datagram");
  std::vector<std::byte> whole(100);
  expect(take("receive_from raw", socket.receive_from(whole, soon())).size == packet.size(),
         "and as a packet");
}

void open_raw_v6() {
  auto socket = permitted(raw_socket::open(family::v6, protocol::icmp_v6));
  static_cast<void>(socket);
}

}  // namespace

std::span<const scenario> packet_scenarios() noexcept {
  static constexpr scenario all[] = {
      {"ping_raw", by<icmp_access::raw, ping>},
      {"ping_datagram", by<icmp_access::datagram, ping>},
      {"ping_raw_in_batches", by<icmp_access::raw, ping_in_batches>},
      {"ping_datagram_in_batches", by<icmp_access::datagram, ping_in_batches>},
      {"raw", send_raw},
      {"raw_v6", open_raw_v6}};
  return all;
}

}  // namespace portsock::faults
