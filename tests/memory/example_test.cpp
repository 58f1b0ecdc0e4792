// SPDX-License-Identifier: MIT

// How a program's own protocol is tested: platform/memory/README.md shows this.

#include <gtest/gtest.h>

#include <array>
#include <thread>

#include <portsock/memory.hpp>
#include <portsock/socket.hpp>

namespace {

using namespace portsock;
using namespace portsock::literals;
using namespace std::chrono_literals;

// The code under test: asks until it is answered, at most ten times.
bool ask(connected_datagram_socket& server, mutable_bytes answer) {
  for (int tries = 0; tries != 10; ++tries) {
    if (!server.send(as_bytes("what time is it?"))) return false;
    if (server.receive(answer, deadline::in(1s * (1 << tries)))) return true;
  }
  return false;
}

TEST(Asking, GoesOnUntilTheNetworkIsBack) {
  memory::network net{42};  // the seed of all chance
  const auto near = net.add_host("near", {"192.0.2.1"_ip});
  const auto far = net.add_host("far", {"192.0.2.2"_ip});
  net.connect(near, far, {.latency = 80ms, .loss = 0.5});
  net.set_time(memory::passing::leaps, 2);  // two threads wait, and nobody for real
  net.set_open(near, far, false);
  net.after(1min, [&] { net.set_open(near, far, true); });

  std::thread service{[far] {
    const memory::on there{far};
    auto socket = datagram_socket::bind("192.0.2.2:123"_endpoint).value();
    std::array<std::byte, 64> question;
    while (const auto got = socket.receive_from(question, deadline::in(1h)))
      static_cast<void>(socket.send_to(as_bytes("late"), got->from));
  }};
  const memory::on here{near};
  auto socket = connected_datagram_socket::connect("192.0.2.2:123"_endpoint).value();
  std::array<std::byte, 64> answer;
  EXPECT_TRUE(ask(socket, answer));
  service.join();
}

}  // namespace
