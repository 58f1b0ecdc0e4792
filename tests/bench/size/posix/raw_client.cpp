// SPDX-License-Identifier: MIT

// client.cpp with nothing but the system's calls.

#include <cstdio>
#include <cstdlib>
#include <cstring>

#include <arpa/inet.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

namespace {

int failed() {
  std::perror("client");
  return 1;
}

}  // namespace

int main(int argc, char** argv) {
  if (argc != 4) return 2;
  sockaddr_in v4{};
  sockaddr_in6 v6{};
  const auto port = htons(static_cast<in_port_t>(std::atoi(argv[2])));
  const bool is_v4 = ::inet_pton(AF_INET, argv[1], &v4.sin_addr) == 1;
  if (!is_v4 && ::inet_pton(AF_INET6, argv[1], &v6.sin6_addr) != 1) return 2;
  v4.sin_family = AF_INET;
  v6.sin6_family = AF_INET6;
  v4.sin_port = v6.sin6_port = port;

  const int fd = ::socket(is_v4 ? AF_INET : AF_INET6, SOCK_STREAM | SOCK_CLOEXEC, 0);
  if (fd < 0) return failed();
  const int connected = is_v4 ? ::connect(fd, reinterpret_cast<const sockaddr*>(&v4), sizeof v4)
                              : ::connect(fd, reinterpret_cast<const sockaddr*>(&v6), sizeof v6);
  if (connected != 0) return failed();
  const char* data = argv[3];
  for (std::size_t left = std::strlen(data); left != 0;) {
    const auto sent = ::send(fd, data, left, MSG_NOSIGNAL);
    if (sent < 0) return failed();
    data += sent;
    left -= static_cast<std::size_t>(sent);
  }
  if (::shutdown(fd, SHUT_WR) != 0) return failed();

  char buffer[4096];
  for (;;) {
    const auto size = ::recv(fd, buffer, sizeof buffer, 0);
    if (size < 0) return failed();
    if (size == 0) break;
    std::fwrite(buffer, 1, static_cast<std::size_t>(size), stdout);
  }
  ::close(fd);
  return 0;
}
