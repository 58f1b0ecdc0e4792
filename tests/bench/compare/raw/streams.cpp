// SPDX-License-Identifier: MIT
#include <fcntl.h>
#include <sys/sendfile.h>
#include <sys/socket.h>
#include <unistd.h>

#include <tests/bench/compare/registry.hpp>

namespace compare {
namespace {

void ask(int stream, int turns) {
  message m{};
  for (int i = 0; i != turns; ++i)
    require(::send(stream, m.data(), m.size(), MSG_NOSIGNAL) == message_size &&
                ::recv(stream, m.data(), m.size(), 0) == message_size,
            "ping-pong");
}
void answer(int stream) {
  message m;
  while (::recv(stream, m.data(), m.size(), 0) == message_size)
    if (::send(stream, m.data(), m.size(), MSG_NOSIGNAL) != message_size) return;
}
const add<ping_pong> streams{"raw", {ask, answer}};

/// Sends `bytes`, by calls that say how many of the given rest they took.
void send_by(std::size_t bytes, auto call) {
  for (std::size_t left = bytes; left != 0;) {
    const auto sent = call(left < bulk_write ? left : bulk_write);
    require(sent > 0, "sending in bulk");
    left -= static_cast<std::size_t>(sent);
  }
}

std::function<void(std::size_t)> plain(int stream) {
  return [stream](std::size_t bytes) {
    send_by(bytes, [stream](std::size_t size) {
      return ::send(stream, bulk_data().data(), size, MSG_NOSIGNAL);
    });
  };
}

std::function<void(std::size_t)> by_sendfile(int stream) {
  return [stream, file = file_of_one_write()](std::size_t bytes) {
    off_t at = 0;
    send_by(bytes, [&](std::size_t) {
      if (at == bulk_write) at = 0;
      return ::sendfile(stream, file, &at, bulk_write - static_cast<std::size_t>(at));
    });
  };
}

std::function<void(std::size_t)> by_splice(int stream) {
  int ends[2];
  checked(::pipe2(ends, O_CLOEXEC), "pipe2");
  const int room = checked(::fcntl(ends[1], F_SETPIPE_SZ, static_cast<int>(bulk_write)), "a pipe");
  return [=, file = file_of_one_write()](std::size_t bytes) {
    loff_t at = 0;
    send_by(bytes, [&](std::size_t) {
      if (at == bulk_write) at = 0;
      const auto size = checked(
          ::splice(file, &at, ends[1], nullptr, static_cast<std::size_t>(room), SPLICE_F_MOVE),
          "splice");
      for (int moved = 0; moved != size;)
        moved += checked(::splice(ends[0], nullptr, stream, nullptr,
                                  static_cast<std::size_t>(size - moved), SPLICE_F_MOVE),
                         "splice");
      return size;
    });
  };
}

const add<bulk_sender> sends{"raw", {plain}};
const add<bulk_sender> pipes{"raw splice", {by_splice}};
const add<bulk_sender> files{"raw sendfile", {by_sendfile}};

}  // namespace
}  // namespace compare
