// SPDX-License-Identifier: MIT

// Waits an hour for nothing, in no time; exits with 0 when the hour has passed.

#include <array>
#include <chrono>
#include <cstddef>

#include <portsock/memory.hpp>
#include <portsock/socket.hpp>

int main() {
  using namespace std::chrono_literals;
  portsock::memory::network net{1};
  net.set_time(portsock::memory::passing::leaps);
  const auto began = portsock::deadline::clock::now();

  const portsock::endpoint anywhere{portsock::ipv4_address::loopback(), 0};
  auto socket = portsock::datagram_socket::bind(anywhere).value();
  std::array<std::byte, 5> room{};
  const auto got = socket.receive_from(room, portsock::deadline::in(1h));

  const bool timed_out = !got && got.error() == portsock::errc::timed_out;
  return timed_out && portsock::deadline::clock::now() - began == 1h ? 0 : 1;
}
