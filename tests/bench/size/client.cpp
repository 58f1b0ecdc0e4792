// SPDX-License-Identifier: MIT

// A minimal TCP client: sends what it is told and prints the answer. ci/stages/size weighs it
// beside posix/raw_client.cpp, which does the same with system calls.

#include <array>
#include <cstdio>
#include <cstdlib>
#include <string_view>

#include <portsock/socket.hpp>

using namespace portsock;

namespace {

int failed(error reason) {
  // The words alone; message() would bring std::string along.
  std::fprintf(stderr, "client: %s (%d)\n", to_string(reason.meaning()).data(), reason.value());
  return 1;
}

}  // namespace

int main(int argc, char** argv) {
  if (argc != 4) return 2;
  const auto address = parse_address(argv[1]);
  if (!address) return 2;
  const endpoint peer{*address, static_cast<std::uint16_t>(std::atoi(argv[2]))};

  auto socket = stream_socket::connect(peer);
  if (!socket) return failed(socket.error());
  if (const auto sent = socket->send_all(as_bytes(std::string_view{argv[3]})); !sent)
    return failed(*sent.reason);
  if (const auto shut = socket->shutdown(direction::send); !shut) return failed(shut.error());

  std::array<std::byte, 4096> buffer;
  for (;;) {
    const auto size = socket->receive(buffer);
    if (!size) return failed(size.error());
    if (*size == 0) return 0;
    std::fwrite(buffer.data(), 1, *size, stdout);
  }
}
