// SPDX-License-Identifier: MIT
#include <vector>

#include <portsock/datagram_statistics.hpp>
#include <portsock/reporting_datagram_socket.hpp>
#include <tests/faults/scenario.hpp>

namespace portsock::faults {
namespace {

using namespace literals;

struct bound {
  datagram_socket socket = take("bind", datagram_socket::bind(home));
  endpoint where = take("local_endpoint", socket.local_endpoint());
};

void talk() {
  bound here;
  bound there;
  std::array<std::byte, 8> room;
  take("send_to", here.socket.send_to(as_bytes("hello"), there.where));
  auto got = take("receive_from", there.socket.receive_from(room));
  expect(got.size == 5 && got.from == here.where && !got.truncated, "it arrives, and whose it is");

  take("send_to with a deadline",
       there.socket.send_to(as_bytes("longer than that"), here.where, soon()));
  got = take("receive_from with a deadline", here.socket.receive_from(room, soon()));
  expect(got.size == 8 && got.truncated, "what is cut says so");

  const const_bytes pieces[] = {as_bytes("one"), as_bytes("two")};
  take("send_to in pieces", here.socket.send_to(pieces, there.where));
  const mutable_bytes rooms[] = {room};
  expect(take("receive_from into pieces", there.socket.receive_from(rooms)).size == 6, "whole");
}

void send_batches() {
  bound here;
  bound there;
  const std::vector<outgoing> all(70, outgoing{as_bytes("x"), there.where});
  expect(take("send_batch", here.socket.send_batch(all, soon())) == all.size(), "all go");
  std::vector<std::byte> memory(all.size());
  std::vector<incoming> rooms;
  for (auto& byte : memory) rooms.emplace_back(mutable_bytes{&byte, 1});
  std::size_t came = 0;
  while (came != all.size())
    came +=
        take("receive_batch", there.socket.receive_batch(std::span{rooms}.subspan(came), soon()));
  for (const auto& room : rooms) expect(text(room.datagram()) == "x", "each is whole");
}

void tell_details() {
  bound here;
  const detail_set every{true, true, true, true};
  const auto given = take("report", here.socket.report(every));
  take("send_to in detail",
       here.socket.send_to(as_bytes("x"), here.where,
                           {.source = ipv4_address::loopback(), .hop_limit = 7, .traffic_class = 8},
                           soon()));
  std::array<std::byte, 8> room;
  const auto got = take("receive_in_detail", here.socket.receive_in_detail(room, soon()));
  expect(!given.destination || got.details.destination == ip_address{ipv4_address::loopback()},
         "the destination is told");
  expect(!given.hop_limit || got.details.hop_limit == 7, "the hop limit is told");
  expect(!given.traffic_class || got.details.traffic_class == 8, "the traffic class is told");
  expect(!given.arrival || got.details.arrival, "the time is told");
}

void send_in_segments() {
  bound here;
  bound there;
  const std::vector<std::byte> data(1000, std::byte{3});
  expect(take("send_segments", here.socket.send_segments(data, 100, there.where, soon())) == 10,
         "all segments go");
  take("coalesce", there.socket.coalesce(true));
  std::vector<std::byte> room(2000);
  std::size_t came = 0;
  while (came < data.size())
    came += take("receive_segments", there.socket.receive_segments(room, soon())).size;
  expect(came == data.size(), "and all arrive");
}

void connect() {
  bound there;
  auto here =
      take("connect", connected_datagram_socket::connect(
                          there.where, home, datagram_presets{}.with(options::hop_limit, 5)));
  expect(take("peer_endpoint", here.peer_endpoint()) == there.where, "it knows its peer");
  expect(take("get", here.get(options::hop_limit)) == 5, "the hop limit is that");
  take("send", here.send(as_bytes("x")));
  std::array<std::byte, 8> room;
  const auto got = take("receive_from", there.socket.receive_from(room, soon()));
  take("send back", there.socket.send_to(as_bytes("yz"), got.from));
  expect(take("receive", here.receive(room, soon())).size == 2, "the answer arrives");
  take("send with a deadline", here.send(as_bytes("x"), soon()));

  const const_bytes two[] = {as_bytes("1"), as_bytes("2")};
  expect(take("send_batch", here.send_batch(two)) == 2, "both go");
  take("send in detail", here.send(as_bytes("x"), send_details{.hop_limit = 3}));
}

void hear_reports() {
  const auto gone = bound{}.where;
  auto here = take("connect", reporting_datagram_socket::connect(gone));
  take("send", here.send(as_bytes("x"), soon()));
  std::array<std::byte, 8> room;
  const auto report = here.receive(room, soon());
  expect(!report, "nobody answers");
  if (report.error() != errc::connection_refused) throw refused{"receive", report.error()};
}

void expect_heard(datagram_socket& socket, const endpoint& group) {
  take("send_to a group", socket.send_to(as_bytes("x"), group));
  std::array<std::byte, 1> room;
  take("receive_from a group", socket.receive_from(room, soon()));
}

void expect_unheard(datagram_socket& socket, const endpoint& group) {
  take("send_to a group", socket.send_to(as_bytes("x"), group));
  std::array<std::byte, 1> room;
  const auto got = socket.receive_from(room, deadline::in(1ms));
  expect(!got, "the group is heard no more");
  if (got.error() != errc::timed_out) throw refused{"receive_from", got.error()};
}

void join() {
  bind_options shared;
  shared.policy = bind_policy::shared;
  auto socket = take("bind", datagram_socket::bind({ipv4_address::any(), 0}, shared));
  const auto port = take("local_endpoint", socket.local_endpoint()).port;
  take("bind beside it", datagram_socket::bind({ipv4_address::any(), port}, shared));
  take("multicast_interface", socket.set(options::multicast_interface, 1));
  expect(take("multicast_interface", socket.get(options::multicast_interface)) == 1, "it is that");
  take("multicast_loop", socket.set(options::multicast_loop, true));
  take("multicast_hop_limit", socket.set(options::multicast_hop_limit, 2));

  // Groups that nobody else has joined, for the system may not heed that each hears its own alone.
  const auto high = static_cast<std::uint8_t>(port >> 8);
  const auto low = static_cast<std::uint8_t>(port & 0xff);
  const endpoint anybody{ipv4_address{{239, 1, high, low}}, port};
  take("join", socket.join(anybody.address, 1));
  expect_heard(socket, anybody);
  take("join again", socket.join(anybody.address, 1));
  expect_heard(socket, anybody);
  take("leave", socket.leave(anybody.address, 1));
  expect_unheard(socket, anybody);

  const endpoint by_source{ipv4_address{{239, 2, high, low}}, port};
  take("join for a source", socket.join(by_source.address, "127.0.0.1"_ip, 1));
  expect_heard(socket, by_source);
  take("leave for a source", socket.leave(by_source.address, "127.0.0.1"_ip, 1));
  expect_unheard(socket, by_source);
}

void set_options() {
  bind_options both;
  both.dual_stack = true;
  auto socket = take("bind", datagram_socket::bind({ipv6_address::any(), 0}, both));
  expect(!take("v6_only", socket.get(options::v6_only)), "it takes both");
  take("broadcast", socket.set(options::broadcast, true));
  expect(take("broadcast", socket.get(options::broadcast)), "it may");
  take("hop_limit", socket.set(options::hop_limit, 7));
  expect(take("hop_limit", socket.get(options::hop_limit)) == 7, "the hop limit is that");
  take("traffic_class", socket.set(options::traffic_class, 8));
  expect(take("traffic_class", socket.get(options::traffic_class)) == 8, "the class is that");
  take("dont_fragment", socket.set(options::dont_fragment, true));
  expect(take("dont_fragment", socket.get(options::dont_fragment)), "it is on");
  take("outgoing_interface", socket.set(options::outgoing_interface, 1));
  expect(take("outgoing_interface", socket.get(options::outgoing_interface)) == 1, "it is that");
}

void confine() {
  bind_options alone;
  alone.interface_index = 1;
  const auto socket = take("bind", datagram_socket::bind({ipv4_address::any(), 0}, alone));
  expect(take("outgoing_interface", socket.get(options::outgoing_interface)) == 1, "it is bound");
}

void count_losses() {
  bound here;
  expect(take("discarded_by", discarded_by(here.socket)) == 0, "nothing was lost");
}

}  // namespace

std::span<const scenario> datagram_scenarios() noexcept {
  static constexpr scenario all[] = {{"datagram_talk", talk},
                                     {"datagram_batches", send_batches},
                                     {"datagram_details", tell_details},
                                     {"datagram_segments", send_in_segments},
                                     {"datagram_connect", connect},
                                     {"datagram_reports", hear_reports},
                                     {"datagram_join", join},
                                     {"datagram_options", set_options},
                                     {"datagram_confine", confine},
                                     {"datagram_losses", count_losses}};
  return all;
}

}  // namespace portsock::faults
