// SPDX-License-Identifier: MIT

// An echo server for any number of clients, one after the other.

#include <array>
#include <cstdio>

#include <portsock/socket.hpp>

using namespace portsock;
using namespace portsock::literals;

int main() {
  auto listener = stream_listener::listen({"127.0.0.1"_ip, 7777});
  if (!listener) return std::fputs(listener.error().message().c_str(), stderr), 1;

  while (auto client = listener->accept()) {
    std::array<std::byte, 4096> buffer;
    while (const auto size = client->receive(buffer)) {
      if (*size == 0) break;  // the client has finished sending
      if (!client->send_all(std::span{buffer}.first(*size))) break;
    }
  }
}
