// SPDX-License-Identifier: MIT
#include "crowd.hpp"

#include <vector>

#include <sys/epoll.h>
#include <sys/socket.h>
#include <unistd.h>

namespace compare {
namespace {

void ask(int stream) {
  static const message question{};
  require(::send(stream, question.data(), question.size(), MSG_NOSIGNAL) == message_size, "asking");
}

/// Asks on all, and again wherever an answer came, until the time is over and all have answered.
std::uint64_t round_of(const std::vector<int>& active, int epoll, std::uint64_t milliseconds) {
  const auto end = std::chrono::steady_clock::now() + std::chrono::milliseconds{milliseconds};
  std::array<epoll_event, 256> events;
  std::uint64_t answers = 0;
  for (const int stream : active) ask(stream);
  auto awaited = active.size();
  bool goes_on = true;
  while (awaited != 0) {
    const int count = checked(::epoll_wait(epoll, events.data(), events.size(), -1), "epoll_wait");
    goes_on = goes_on && std::chrono::steady_clock::now() < end;
    for (int i = 0; i != count; ++i) {
      const int stream = events[static_cast<std::size_t>(i)].data.fd;
      message answer;
      require(::recv(stream, answer.data(), answer.size(), 0) == message_size, "an answer");
      ++answers;
      if (goes_on)
        ask(stream);
      else
        --awaited;
    }
  }
  return answers;
}

void clients(std::uint16_t port, std::size_t active, std::size_t idle, int end) {
  const int epoll = checked(::epoll_create1(0), "epoll_create1");
  std::vector<int> streams;
  for (std::size_t i = 0; i != idle; ++i) connected_stream(port);
  for (std::size_t i = 0; i != active; ++i) {
    streams.push_back(connected_stream(port));
    epoll_event event{.events = EPOLLIN, .data = {.fd = streams.back()}};
    checked(::epoll_ctl(epoll, EPOLL_CTL_ADD, streams.back(), &event), "epoll_ctl");
  }
  tell(end, 0);
  for (std::uint64_t time = 0; hear(end, time);) tell(end, round_of(streams, epoll, time));
}

void come_and_go(std::uint16_t port, int end) {
  // Gone without a trace, or the ports would be used up in a minute.
  const linger at_once{.l_onoff = 1, .l_linger = 0};
  for (std::uint64_t times = 0; hear(end, times);) {
    for (std::uint64_t i = 0; i != times; ++i) {
      const int stream = connected_stream(port);
      std::byte nothing;
      require(::recv(stream, &nothing, 1, 0) == 0, "being closed");
      checked(::setsockopt(stream, SOL_SOCKET, SO_LINGER, &at_once, sizeof at_once), "SO_LINGER");
      ::close(stream);
    }
    tell(end, times);
  }
}

std::uint64_t answer_on(int end) {
  std::uint64_t word = 0;
  require(hear(end, word), "clients");
  return word;
}

}  // namespace

crowd::crowd(std::uint16_t port, std::size_t active, std::size_t idle)
    : line_{new_line()}, clients_{[&] { clients(port, active, idle, line_.there); }} {
  ::close(line_.there);
  answer_on(line_.here);
}

std::uint64_t crowd::ask_for(std::chrono::milliseconds time) {
  tell(line_.here, static_cast<std::uint64_t>(time.count()));
  return answer_on(line_.here);
}

visitors::visitors(std::uint16_t port)
    : line_{new_line()}, clients_{[&] { come_and_go(port, line_.there); }} {
  ::close(line_.there);
}

void visitors::visit(std::uint64_t times) {
  tell(line_.here, times);
  answer_on(line_.here);
}

}  // namespace compare
