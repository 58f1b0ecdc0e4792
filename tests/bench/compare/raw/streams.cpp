// SPDX-License-Identifier: MIT
#include <vector>

#include <fcntl.h>
#include <sys/mman.h>
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
  return [stream, buffer = std::vector<std::byte>(bulk_write)](std::size_t bytes) {
    send_by(bytes,
            [&](std::size_t size) { return ::send(stream, buffer.data(), size, MSG_NOSIGNAL); });
  };
}

int file_of_one_write() {
  const int file = checked(::memfd_create("bulk", MFD_CLOEXEC), "memfd_create");
  const std::vector<std::byte> bytes(bulk_write);
  require(::write(file, bytes.data(), bytes.size()) == static_cast<ssize_t>(bytes.size()), "write");
  return file;
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

const add<bulk_sender> sends{"raw", {plain}};
const add<bulk_sender> files{"raw sendfile", {by_sendfile}};

}  // namespace
}  // namespace compare
