// SPDX-License-Identifier: MIT
#include "rush.hpp"

#include <algorithm>
#include <cerrno>
#include <vector>

#include <netinet/in.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <unistd.h>

namespace listeners {
namespace {

using namespace compare;
using clock = std::chrono::steady_clock;

constexpr std::size_t in_flight = 64;

/// One program's clients.
class crowd_at_the_door {
 public:
  explicit crowd_at_the_door(std::uint16_t port) {
    name_.sin_family = AF_INET;
    name_.sin_port = htons(port);
    name_.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  }

  rushed come(std::uint64_t clients) {
    slowest_ = {};
    refused_ = 0;
    const auto before = thread_cpu_time();
    const auto began = clock::now();
    std::array<epoll_event, in_flight> events;
    std::size_t on_their_way = 0;
    for (std::uint64_t started = 0; started != clients || on_their_way != 0;) {
      for (; started != clients && on_their_way != in_flight; ++started, ++on_their_way) start();
      const int count =
          checked(::epoll_wait(epoll_, events.data(), events.size(), -1), "epoll_wait");
      for (int i = 0; i != count; ++i) arrived(events[static_cast<std::size_t>(i)]);
      on_their_way -= static_cast<std::size_t>(count);
    }
    const auto all = clock::now() - began;
    const auto cpu = thread_cpu_time() - before;
    leave();
    return {all, cpu, slowest_, refused_};
  }

 private:
  struct client {
    int stream;
    clock::time_point began;
  };

  void start() {
    const int stream =
        checked(::socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0), "socket");
    clients_.push_back({stream, clock::now()});
    const auto connected = ::connect(stream, reinterpret_cast<sockaddr*>(&name_), sizeof name_);
    require(connected == 0 || errno == EINPROGRESS || errno == ECONNREFUSED, "connect");
    epoll_event event{.events = EPOLLOUT | EPOLLONESHOT, .data = {.u64 = clients_.size() - 1}};
    checked(::epoll_ctl(epoll_, EPOLL_CTL_ADD, stream, &event), "epoll_ctl");
  }

  void arrived(const epoll_event& event) {
    const auto& one = clients_[event.data.u64];
    slowest_ = (std::max)(slowest_, std::chrono::nanoseconds{clock::now() - one.began});
    // A server that closes at once is no refusal.
    sockaddr_in peer;
    socklen_t size = sizeof peer;
    if (::getpeername(one.stream, reinterpret_cast<sockaddr*>(&peer), &size) != 0) ++refused_;
  }

  /// Without a trace, or the ports would be used up in a minute.
  void leave() {
    constexpr linger at_once{.l_onoff = 1, .l_linger = 0};
    for (const auto& one : clients_) {
      checked(::setsockopt(one.stream, SOL_SOCKET, SO_LINGER, &at_once, sizeof at_once),
              "SO_LINGER");
      ::close(one.stream);
    }
    clients_.clear();
  }

  const int epoll_ = checked(::epoll_create1(EPOLL_CLOEXEC), "epoll_create1");
  sockaddr_in name_{};
  std::vector<client> clients_;
  std::chrono::nanoseconds slowest_{};
  std::uint64_t refused_ = 0;
};

void serve_rushes(std::uint16_t port, int end) {
  crowd_at_the_door here{port};
  for (std::uint64_t clients = 0; hear(end, clients);) {
    const auto became = here.come(clients);
    tell(end, static_cast<std::uint64_t>(became.all.count()));
    tell(end, static_cast<std::uint64_t>(became.cpu.count()));
    tell(end, static_cast<std::uint64_t>(became.slowest.count()));
    tell(end, became.refused);
  }
}

std::uint64_t answer_on(int end) {
  std::uint64_t word = 0;
  require(hear(end, word), "clients");
  return word;
}

}  // namespace

rush::rush(std::uint16_t port)
    : line_{new_line()}, clients_{[&] { serve_rushes(port, line_.there); }} {
  ::close(line_.there);
}

rushed rush::come(std::uint64_t clients) {
  tell(line_.here, clients);
  const auto time_on = [](int end) { return std::chrono::nanoseconds{answer_on(end)}; };
  rushed became;
  became.all = time_on(line_.here);
  became.cpu = time_on(line_.here);
  became.slowest = time_on(line_.here);
  became.refused = answer_on(line_.here);
  return became;
}

}  // namespace listeners
