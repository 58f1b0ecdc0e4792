// SPDX-License-Identifier: MIT

// One call, over and over: bare or through the library. ci/stages/instructions runs it under
// callgrind with two numbers of turns; the difference is what a turn costs in user space, to the
// instruction.
//
//   instructions CASE bare|portsock TURNS

#include <array>
#include <cerrno>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <string_view>

#include <netinet/in.h>
#include <sys/socket.h>

#include <portsock/socket.hpp>

namespace {

using namespace portsock;

constexpr int most_turns = 200;

[[noreturn]] void fail_now(const char* what) {
  std::perror(what);
  std::exit(1);
}

struct streams {
  stream_listener listener = stream_listener::listen({ipv4_address::loopback(), 0}).value();
  stream_socket near = stream_socket::connect(listener.local_endpoint().value()).value();
  stream_socket far = listener.accept().value();
  int fd = static_cast<int>(near.native());
};

struct datagrams {
  datagram_socket near = datagram_socket::bind({ipv4_address::loopback(), 0}).value();
  datagram_socket far = datagram_socket::bind({ipv4_address::loopback(), 0}).value();
  native_endpoint to_far{far.local_endpoint().value()};
  int near_fd = static_cast<int>(near.native());
  int far_fd = static_cast<int>(far.native());
};

std::size_t send_bare(int turns) {
  streams s;
  std::size_t sum = 0;
  for (int i = 0; i != turns; ++i) {
    const auto size = ::send(s.fd, "x", 1, MSG_NOSIGNAL);
    if (size < 0) fail_now("send");
    sum += static_cast<std::size_t>(size);
  }
  return sum;
}

std::size_t send_portsock(int turns) {
  streams s;
  std::size_t sum = 0;
  for (int i = 0; i != turns; ++i) {
    const auto size = s.near.send(as_bytes("x"));
    if (!size) fail_now("send");
    sum += *size;
  }
  return sum;
}

void fill(streams& s) {
  const std::array<std::byte, most_turns> bytes{};
  if (!s.far.send_all(bytes)) fail_now("fill");
}

std::size_t receive_bare(int turns) {
  streams s;
  fill(s);
  std::byte byte;
  std::size_t sum = 0;
  for (int i = 0; i != turns; ++i) {
    const auto size = ::recv(s.fd, &byte, 1, 0);
    if (size < 0) fail_now("recv");
    sum += static_cast<std::size_t>(size);
  }
  return sum;
}

std::size_t receive_portsock(int turns) {
  streams s;
  fill(s);
  std::byte byte;
  std::size_t sum = 0;
  for (int i = 0; i != turns; ++i) {
    const auto size = s.near.receive({&byte, 1});
    if (!size) fail_now("receive");
    sum += *size;
  }
  return sum;
}

std::size_t would_block_bare(int turns) {
  streams s;
  if (!s.near.set_blocking(false)) fail_now("set_blocking");
  std::byte byte;
  std::size_t sum = 0;
  for (int i = 0; i != turns; ++i)
    if (::recv(s.fd, &byte, 1, 0) < 0 && errno == EAGAIN) ++sum;
  return sum;
}

std::size_t would_block_portsock(int turns) {
  streams s;
  if (!s.near.set_blocking(false)) fail_now("set_blocking");
  std::byte byte;
  std::size_t sum = 0;
  for (int i = 0; i != turns; ++i) {
    const auto size = s.near.receive({&byte, 1});
    if (!size && size.error() == errc::would_block) ++sum;
  }
  return sum;
}

std::size_t send_to_bare(int turns) {
  datagrams d;
  const auto* to = static_cast<const sockaddr*>(d.to_far.data());
  std::size_t sum = 0;
  for (int i = 0; i != turns; ++i) {
    if (::sendto(d.near_fd, "x", 1, MSG_NOSIGNAL, to, d.to_far.size()) < 0) fail_now("sendto");
    ++sum;
  }
  return sum;
}

std::size_t send_to_portsock(int turns) {
  datagrams d;
  std::size_t sum = 0;
  for (int i = 0; i != turns; ++i) {
    if (!d.near.send_to(as_bytes("x"), d.to_far)) fail_now("send_to");
    ++sum;
  }
  return sum;
}

void fill(datagrams& d) {
  for (int i = 0; i != most_turns; ++i)
    if (!d.near.send_to(as_bytes("x"), d.to_far)) fail_now("fill");
}

std::size_t receive_from_bare(int turns) {
  datagrams d;
  fill(d);
  std::array<std::byte, 64> buffer;
  std::size_t sum = 0;
  for (int i = 0; i != turns; ++i) {
    sockaddr_in6 from;
    socklen_t length = sizeof from;
    const auto size = ::recvfrom(d.far_fd, buffer.data(), buffer.size(), 0,
                                 reinterpret_cast<sockaddr*>(&from), &length);
    if (size < 0) fail_now("recvfrom");
    sum += static_cast<std::size_t>(size) + length;
  }
  return sum;
}

std::size_t receive_from_portsock(int turns) {
  datagrams d;
  fill(d);
  std::array<std::byte, 64> buffer;
  std::size_t sum = 0;
  for (int i = 0; i != turns; ++i) {
    const auto got = d.far.receive_from(buffer);
    if (!got) fail_now("receive_from");
    sum += got->size + got->from.size();
  }
  return sum;
}

struct row {
  std::string_view name;
  std::size_t (*bare)(int);
  std::size_t (*portsock)(int);
};

constexpr row rows[] = {
    {"send", send_bare, send_portsock},
    {"receive", receive_bare, receive_portsock},
    {"would_block", would_block_bare, would_block_portsock},
    {"send_to", send_to_bare, send_to_portsock},
    {"receive_from", receive_from_bare, receive_from_portsock},
};

}  // namespace

int main(int argc, char** argv) {
  if (argc != 4) return 2;
  const int turns = std::atoi(argv[3]);
  if (turns < 1 || turns > most_turns) return 2;
  for (const auto& row : rows) {
    if (row.name != argv[1]) continue;
    const bool bare = std::strcmp(argv[2], "bare") == 0;
    return (bare ? row.bare : row.portsock)(turns) == 0 ? 1 : 0;
  }
  return 2;
}
