// SPDX-License-Identifier: MIT
#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <string>
#include <vector>

#include <unistd.h>

#include <portsock/file.hpp>
#include <tests/faults/scenario.hpp>

namespace portsock::faults {
namespace {

constexpr std::size_t size = 40'000;

/// A file of the scenario's own, in the folder that the script made.
struct own_file {
  std::string path = std::string{std::getenv("PORTSOCK_FAULTS_FOLDER")} + "/file";
  own_file() = default;
  own_file(const own_file&) = delete;
  own_file& operator=(const own_file&) = delete;
  ~own_file() { std::remove(path.c_str()); }
};

/// Writes a file of `size` bytes by receiving it.
void write(const std::string& path) {
  auto [here, there] = connected();
  const std::vector<std::byte> data(size, std::byte{5});
  take("send_all", here.send_all(data, soon()));
  take("shutdown", here.shutdown(direction::send));
  const auto file = take("create", unique_file::create(path));
  expect(take("receive_file", receive_file(there, file.get(), {}, soon())) == size, "all");
  expect(take("size", file.size()) == size, "the file has all of it");
}

void receive_all(stream_socket& from) {
  std::vector<std::byte> room(size);
  take("receive_exactly", from.receive_exactly(room, soon()));
  expect(room == std::vector<std::byte>(size, std::byte{5}), "the bytes are those of the file");
}

void read_and_write() {
  const own_file made;
  {
    auto file = take("create", unique_file::create(made.path));
    expect(take("write", file.write(as_bytes("0123456789"))) == 10, "all of it is written");
  }
  auto file = take("open", unique_file::open(made.path));
  std::array<std::byte, 4> room;
  expect(take("read", file.read(room)) == 4 && text(room) == "0123", "its beginning");
  expect(take("read_at", file.read_at(room, 6)) == 4 && text(room) == "6789", "its end");
  expect(take("read on", file.read(room)) == 4 && text(room) == "4567", "what comes next");
}

void send() {
  const own_file made;
  write(made.path);
  auto [here, there] = connected();
  const auto file = take("open", unique_file::open(made.path));
  expect(take("send_file", send_file(here, file.get(), {}, soon())) == size, "all of it goes");
  receive_all(there);
}

void send_a_part() {
  const own_file made;
  write(made.path);
  auto [here, there] = connected();
  const auto file = take("open", unique_file::open(made.path));
  expect(take("send_file", send_file(here, file.get(), {.offset = 10, .length = 20}, soon())) == 20,
         "the part goes");
  std::array<std::byte, 20> room;
  take("receive_exactly", there.receive_exactly(room, soon()));
}

bool has_pipe_signal() {
  sigset_t waiting;
  ask("sigpending", ::sigpending(&waiting));
  return sigismember(&waiting, SIGPIPE) == 1;
}

/// Of the signals that say so, the program's own stays, and none is left of the library's.
void send_to_nobody() {
  sigset_t pipe;
  sigemptyset(&pipe);
  sigaddset(&pipe, SIGPIPE);
  ask("sigprocmask", ::sigprocmask(SIG_BLOCK, &pipe, nullptr));
  const own_file made;
  write(made.path);
  auto [here, there] = connected();
  take("shutdown", here.shutdown(direction::send));
  const auto file = take("open", unique_file::open(made.path));
  for (const bool own : {false, true}) {
    if (own) ask("kill", ::kill(::getpid(), SIGPIPE));
    const auto sent = send_file(here, file.get(), {.offset = 0, .length = {}}, soon());
    expect(sent.reason.has_value(), "there is nobody to send it to");
    if (*sent.reason != errc::broken_pipe) throw refused{"send_file", *sent.reason};
    expect(has_pipe_signal() == own, own ? "its own signal stays" : "no signal is left");
  }
}

void relay_streams() {
  auto [here, entrance] = connected();
  auto [exit, there] = connected();
  const std::vector<std::byte> data(size, std::byte{5});
  take("send_all", here.send_all(data, soon()));
  take("shutdown", here.shutdown(direction::send));
  auto between = take("relay", relay::create());
  expect(take("move", between.move(entrance, exit, {}, soon())) == size, "all goes through");
  receive_all(there);
}

void relay_file() {
  const own_file made;
  write(made.path);
  auto [here, there] = connected();
  const auto file = take("open", unique_file::open(made.path));
  auto between = take("relay", relay::create());
  expect(take("move", between.move(file.get(), here, {}, soon())) == size, "all goes through");
  receive_all(there);
}

}  // namespace

std::span<const scenario> file_scenarios() noexcept {
  static constexpr scenario all[] = {
      {"file", read_and_write},           {"send_file", send},
      {"send_part_of_file", send_a_part}, {"send_file_to_nobody", send_to_nobody},
      {"relay_streams", relay_streams},   {"relay_file", relay_file}};
  return all;
}

}  // namespace portsock::faults
