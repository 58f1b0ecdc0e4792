// SPDX-License-Identifier: MIT
#include <array>
#include <vector>

#include <portsock/reporting_datagram_socket.hpp>
#include <tests/support/deadline_calls.hpp>
#include <tests/support/sockets.hpp>

namespace portsock::tests {
namespace {

struct datagram_scene {
  explicit datagram_scene(family of)
      : sender{must(datagram_socket::bind({loopback(of), 0}))},
        open{must(datagram_socket::bind({loopback(of), 0}))},
        connected{must(connected_datagram_socket::connect(must(sender.local_endpoint())))},
        reporting{must(reporting_datagram_socket::connect(must(sender.local_endpoint())))} {}

  datagram_socket sender;
  datagram_socket open;
  connected_datagram_socket connected;
  reporting_datagram_socket reporting;
  std::vector<std::byte> room = std::vector<std::byte>(64);
  std::array<incoming, 1> rooms{incoming{room}};
  std::array<incoming_part, 1> parts{incoming_part{room}};
};

template <auto Socket>
void send_to_the(datagram_scene& s) {
  must(s.sender.send_to(as_bytes("x"), must((s.*Socket).local_endpoint())));
}
constexpr auto send_to_open = send_to_the<&datagram_scene::open>;
constexpr auto send_to_connected = send_to_the<&datagram_scene::connected>;

constexpr call_on<datagram_scene> datagram_calls[] = {
    {"DatagramReceiveFrom",
     [](auto& s, deadline d) { return failure_of(s.open.receive_from(s.room, d)); }, send_to_open},
    {"DatagramReceiveFromScattered",
     [](auto& s, deadline d) {
       return failure_of(s.open.receive_from(std::array{mutable_bytes{s.room}}, d));
     },
     send_to_open},
    {"DatagramReceiveBatch",
     [](auto& s, deadline d) { return failure_of(s.open.receive_batch(s.rooms, d)); },
     send_to_open},
    {"DatagramReceiveInDetail",
     [](auto& s, deadline d) { return failure_of(s.open.receive_in_detail(s.room, d)); },
     send_to_open},
    {"DatagramReceiveSegments",
     [](auto& s, deadline d) { return failure_of(s.open.receive_segments(s.room, d)); },
     send_to_open},
    {"ConnectedDatagramReceive",
     [](auto& s, deadline d) { return failure_of(s.connected.receive(s.room, d)); },
     send_to_connected},
    {"ConnectedDatagramReceiveScattered",
     [](auto& s, deadline d) {
       return failure_of(s.connected.receive(std::array{mutable_bytes{s.room}}, d));
     },
     send_to_connected},
    {"ConnectedDatagramReceiveBatch",
     [](auto& s, deadline d) { return failure_of(s.connected.receive_batch(s.parts, d)); },
     send_to_connected},
    {"ConnectedDatagramReceiveInDetail",
     [](auto& s, deadline d) { return failure_of(s.connected.receive_in_detail(s.room, d)); },
     send_to_connected},
    {"ConnectedDatagramReceiveSegments",
     [](auto& s, deadline d) { return failure_of(s.connected.receive_segments(s.room, d)); },
     send_to_connected},
    {"ReportingDatagramReceive",
     [](auto& s, deadline d) { return failure_of(s.reporting.receive(s.room, d)); },
     send_to_the<&datagram_scene::reporting>},
};

}  // namespace

std::vector<deadline_row> deadline_calls_of_datagrams() { return rows_of(datagram_calls); }

}  // namespace portsock::tests
