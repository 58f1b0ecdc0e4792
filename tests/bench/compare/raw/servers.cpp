// SPDX-License-Identifier: MIT

// The textbook's servers: epoll, level-triggered, and accepting until EAGAIN.

#include <cerrno>

#include <fcntl.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <tests/bench/compare/registry.hpp>

namespace compare {
namespace {

void watch(int epoll, int fd) {
  epoll_event event{.events = EPOLLIN, .data = {.fd = fd}};
  checked(::epoll_ctl(epoll, EPOLL_CTL_ADD, fd, &event), "epoll_ctl");
}

/// The next connection, or -1 when there is none.
int next_of(int listener) {
  const int fd = ::accept4(listener, nullptr, nullptr, SOCK_NONBLOCK | SOCK_CLOEXEC);
  require(fd >= 0 || errno == EAGAIN, "accept4");
  return fd;
}

template <class Ready>
void serve_epoll(int listener, Ready ready) {
  checked(::fcntl(listener, F_SETFL, O_NONBLOCK), "O_NONBLOCK");
  const int epoll = checked(::epoll_create1(EPOLL_CLOEXEC), "epoll_create1");
  watch(epoll, listener);
  std::array<epoll_event, 64> events;
  for (;;) {
    const int count = checked(::epoll_wait(epoll, events.data(), events.size(), -1), "epoll_wait");
    for (int i = 0; i != count; ++i) ready(epoll, events[static_cast<std::size_t>(i)].data.fd);
  }
}

void echo(int listener) {
  serve_epoll(listener, [listener](int epoll, int fd) {
    if (fd == listener) {
      for (int next; (next = next_of(listener)) >= 0;) watch(epoll, next);
      return;
    }
    std::array<std::byte, 2048> buffer;
    const auto size = ::recv(fd, buffer.data(), buffer.size(), 0);
    if (size > 0) {
      require(::send(fd, buffer.data(), static_cast<std::size_t>(size), MSG_NOSIGNAL) == size,
              "send");
    } else if (size == 0 || errno != EAGAIN) {
      ::close(fd);
    }
  });
}

void accept_all(int listener) {
  serve_epoll(listener, [](int, int fd) {
    for (int next; (next = next_of(fd)) >= 0;) ::close(next);
  });
}

const add<echo_server> here{"raw", {echo}};
const add<accept_server> door{"raw", {accept_all}};

}  // namespace
}  // namespace compare
