// SPDX-License-Identifier: MIT
#include <cstdio>
#include <cstdlib>
#include <string>

#include <sys/stat.h>

#include <portsock/local_datagram_socket.hpp>
#include <portsock/local_socket.hpp>
#include <portsock/sharing.hpp>
#include <tests/faults/scenario.hpp>

namespace portsock::faults {
namespace {

std::string path_of(std::string_view name) {
  return std::string{std::getenv("PORTSOCK_FAULTS_FOLDER")} + '/' + std::string{name};
}
local_address address_of(std::string_view name) {
  return take("at", local_address::at(path_of(name)));
}

struct pair_of_locals {
  local_listener listener = take("listen", local_listener::listen(address_of("s")));
  local_stream here = take("connect", local_stream::connect(address_of("s"), soon()));
  local_stream there = take("accept", listener.accept(soon()));
};

void talk() {
  pair_of_locals pair;
  expect(take("address", pair.listener.address()) == address_of("s"), "it is there");
  struct stat facts{};
  ask("stat", ::stat(path_of("s").c_str(), &facts));
  expect((facts.st_mode & 0777) == 0600, "it is its owner's alone");
  expect(take("peer_address", pair.here.peer_address()) == address_of("s"), "and known so");
  expect(take("peer_credentials", pair.there.peer_credentials()).process.has_value(), "and whose");
  take("send", pair.here.send(as_bytes("x")));
  std::array<std::byte, 4> room;
  expect(take("receive", pair.there.receive(room, soon())) == 1, "it arrives");
}

void talk_abstractly() {
  const auto name = take("abstract", local_address::abstract(path_of("name")));
  auto listener = take("listen", local_listener::listen(name));
  take("connect", local_stream::connect(name, soon()));
  take("accept", listener.accept(soon()));
}

void take_over() {
  // What a program leaves that was killed: the file, and nobody behind it.
  auto first = take("listen", local_listener::listen(address_of("s")));
  const unique_handle killed{std::move(first).release()};
  const auto blocked = local_listener::listen(address_of("s"));
  expect(!blocked, "somebody listens there");
  if (blocked.error() != errc::address_in_use) throw refused{"listen", blocked.error()};
}

void take_over_from_the_dead() {
  {
    auto first = take("listen", local_listener::listen(address_of("s")));
    const unique_handle killed{std::move(first).release()};
  }
  auto second = take("listen", local_listener::listen(address_of("s")));
  take("connect", local_stream::connect(address_of("s"), soon()));
}

void pass_handles() {
  pair_of_locals pair;
  const native_handle some[] = {pair.listener.native(), pair.here.native()};
  expect(take("send_handles", pair.here.send_handles(as_bytes("x"), some, soon())) == 1, "it goes");
  std::array<std::byte, 4> bytes;
  std::array<unique_handle, 1> room;
  const auto got = take("receive_handles", pair.there.receive_handles(bytes, room, soon()));
  expect(got.size == 1 && got.count == 1 && got.truncated, "one is taken, one is closed");
}

void send_datagrams() {
  auto there = take("bind", local_datagram_socket::bind(address_of("d")));
  auto here = take("open", local_datagram_socket::open());
  take("send_to", here.send_to(as_bytes("xy"), address_of("d")));
  std::array<std::byte, 4> room;
  expect(take("receive_from", there.receive_from(room, soon())).size == 2, "it arrives");
}

void share() {
  auto [here, there] = connected();
  auto copy = take("duplicate", duplicate(here));
  const auto passed = take("passed_socket", passed_socket::of(here));
  auto again = take("redeem", passed_socket::redeem(take("ticket_for", passed.ticket_for(0))));
  static_cast<void>(again.release());  // it is what `passed` owns
  take("send", copy.send(as_bytes("x")));
  std::array<std::byte, 4> room;
  expect(take("receive", there.receive(room, soon())) == 1, "it is the same connection");
}

/// With an empty folder before and after.
template <void (*Run)()>
void in_folder() {
  const auto clean = [] {
    for (const auto* name : {"s", "s.lock", "d", "d.lock"}) std::remove(path_of(name).c_str());
  };
  struct cleaner {
    void (*clean)();
    ~cleaner() { clean(); }
  } at_the_end{clean};
  clean();
  Run();
}

}  // namespace

std::span<const scenario> local_scenarios() noexcept {
  static constexpr scenario all[] = {{"local_talk", in_folder<talk>},
                                     {"local_abstract", talk_abstractly},
                                     {"local_in_use", in_folder<take_over>},
                                     {"local_stale", in_folder<take_over_from_the_dead>},
                                     {"local_handles", in_folder<pass_handles>},
                                     {"local_datagrams", in_folder<send_datagrams>},
                                     {"share", share}};
  return all;
}

}  // namespace portsock::faults
