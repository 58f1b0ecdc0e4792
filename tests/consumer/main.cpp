// SPDX-License-Identifier: MIT

// Says hello to itself over loopback; exits with 0 when the greeting arrived.

#include <array>
#include <chrono>
#include <cstddef>

#include <portsock/socket.hpp>

int main() {
  using namespace std::chrono_literals;
  const auto until = portsock::deadline::in(10s);

  const portsock::endpoint anywhere{portsock::ipv4_address::loopback(), 0};
  auto listener = portsock::stream_listener::listen(anywhere).value();
  auto client = portsock::stream_socket::connect(listener.local_endpoint().value(), until).value();
  auto server = listener.accept(until).value();

  if (!client.send_all(portsock::as_bytes("hello"), until)) return 1;
  std::array<std::byte, 5> greeting{};
  if (!server.receive_exactly(greeting, until)) return 1;
  return portsock::as_text(greeting) == "hello" ? 0 : 1;
}
