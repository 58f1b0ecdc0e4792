// SPDX-License-Identifier: MIT

// The classic demo in one program: a server that prints what its client sends, and the client.

#include <array>
#include <cstdio>
#include <string>

#include <portsock/socket.hpp>

using namespace portsock;
using namespace portsock::literals;
using namespace std::chrono_literals;

namespace {

int complain(error reason) {
  std::fprintf(stderr, "%s\n", reason.message().c_str());
  return 1;
}

}  // namespace

int main() {
  auto listener = stream_listener::listen({"127.0.0.1"_ip, 0});  // a port that the system chooses
  if (!listener) return complain(listener.error());
  const auto here = listener->local_endpoint();
  if (!here) return complain(here.error());

  auto client = stream_socket::connect(*here, deadline::in(5s));
  if (!client) return complain(client.error());
  auto server = listener->accept(deadline::in(5s));
  if (!server) return complain(server.error());

  if (const auto sent = client->send_all(as_bytes("hello")); !sent) return complain(*sent.reason);
  if (const auto done = client->shutdown(direction::send); !done) return complain(done.error());

  std::array<std::byte, 64> buffer;
  const auto size = server->receive(buffer, deadline::in(5s));
  if (!size) return complain(size.error());
  std::printf("%s\n", std::string{as_text(std::span{buffer}.first(*size))}.c_str());
}
