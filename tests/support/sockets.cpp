// SPDX-License-Identifier: MIT
#include <tests/support/sockets.hpp>

#include <array>

namespace portsock::tests {

connected_pair connected(family of) {
  auto listener = must(stream_listener::listen({portsock::loopback(of), 0}));
  auto here = must(stream_socket::connect(must(listener.local_endpoint()), soon()));
  return {std::move(here), must(listener.accept(soon()))};
}

std::vector<std::byte> pattern(std::size_t size) {
  std::vector<std::byte> bytes(size);
  std::uint64_t state = 0x9e3779b97f4a7c15;
  for (auto& byte : bytes) {
    state = state * 6364136223846793005 + 1442695040888963407;
    byte = static_cast<std::byte>(state >> 56);
  }
  return bytes;
}

void say(stream_socket& socket, std::string_view text) {
  EXPECT_THAT(socket.send_all(as_bytes(text), soon()), Succeeds());
}

std::string hear(stream_socket& socket, std::size_t size) {
  std::string text(size, '?');
  const auto got = socket.receive_exactly(std::as_writable_bytes(std::span{text}), soon());
  text.resize(got.size);
  return text;
}

std::vector<std::byte> hear_all(stream_socket& socket) {
  std::vector<std::byte> all;
  std::array<std::byte, 65'536> buffer;
  for (;;) {
    const auto size = must(socket.receive(buffer, soon()));
    if (size == 0) return all;
    all.insert(all.end(), buffer.begin(), buffer.begin() + static_cast<std::ptrdiff_t>(size));
  }
}

std::size_t fill(stream_socket& socket) {
  must(socket.set_blocking(false));
  const std::vector<std::byte> piece(65'536);
  // What the peer's system takes late makes room once more, so that one refusal is not the last.
  for (std::size_t total = 0, refusals = 0;;) {
    const auto sent = socket.send(piece);
    if (!sent && sent.error() == errc::would_block) {
      if (++refusals == 2) return total;
      ready(socket, interest::send, shortly());
      continue;
    }
    refusals = 0;
    total += must(sent);
  }
}

bool is_reset(const stream_socket& socket) {
  const auto found = ready(socket, interest::receive);
  return found && found->failed;
}

}  // namespace portsock::tests
