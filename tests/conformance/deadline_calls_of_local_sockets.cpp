// SPDX-License-Identifier: MIT
#include <array>
#include <optional>
#include <vector>

#include <portsock/local_datagram_socket.hpp>
#include <tests/support/deadline_calls.hpp>
#include <tests/support/local.hpp>
#include <tests/support/system.hpp>

namespace portsock::tests {
namespace {

struct local_scene {
  explicit local_scene(family) {}

  own_folder folder;
  local_address where = folder.address_of("s");
  local_listener listener = must(local_listener::listen(where));
  local_pair streams = connect_to(listener, where);
  std::vector<std::byte> room = std::vector<std::byte>(64);
  std::array<unique_handle, 1> handles;
  std::size_t filled = 0;
  std::optional<local_stream> client;
};

void send_to_local_stream(local_scene& s) { say(s.streams.there, "0123456789"); }
void fill_local_stream(local_scene& s) {
  s.filled = fill(s.streams.here);
  must(s.streams.here.set_blocking(true));
}
void drain_local_stream(local_scene& s) {
  std::vector<std::byte> taken(s.filled);
  EXPECT_EQ(s.streams.there.receive_exactly(taken, soon()).size, s.filled);
}

std::string no_local_sockets(family) {
  return has_local_sockets() ? "" : "LocalFamily says that there are none";
}
std::string no_passing(family of) {
  if (auto none = no_local_sockets(of); !none.empty()) return none;
  return system().passes_handles ? "" : "LocalPassing says that there is none";
}

constexpr call_on<local_scene> local_calls[] = {
    {"LocalAccept", [](auto& s, deadline d) { return failure_of(s.listener.accept(d)); },
     [](auto& s) { s.client.emplace(must(local_stream::connect(s.where, soon()))); },
     [](local_scene&) {}, no_local_sockets},
    {"LocalReceive",
     [](auto& s, deadline d) { return failure_of(s.streams.here.receive(s.room, d)); },
     send_to_local_stream, [](local_scene&) {}, no_local_sockets},
    {"LocalReceiveExactly",
     [](auto& s, deadline d) {
       return failure_of(s.streams.here.receive_exactly(mutable_bytes{s.room}.first(10), d));
     },
     send_to_local_stream, [](local_scene&) {}, no_local_sockets},
    {"LocalSendAll",
     [](auto& s, deadline d) { return failure_of(s.streams.here.send_all(as_bytes("xyz"), d)); },
     drain_local_stream, fill_local_stream, no_local_sockets},
    {"LocalReceiveHandles",
     [](auto& s, deadline d) {
       return failure_of(s.streams.here.receive_handles(s.room, s.handles, d));
     },
     send_to_local_stream, [](local_scene&) {}, no_passing},
    {"LocalSendHandles",
     [](auto& s, deadline d) {
       const std::array passed{s.listener.native()};
       return failure_of(s.streams.here.send_handles(as_bytes("x"), passed, d));
     },
     drain_local_stream, fill_local_stream, no_passing},
};

struct local_datagram_scene {
  explicit local_datagram_scene(family) {}

  own_folder folder;
  local_address where = folder.address_of("d");
  local_datagram_socket receiver = must(local_datagram_socket::bind(where));
  local_datagram_socket sender = must(local_datagram_socket::open());
  std::array<std::byte, 64> room{};
};

std::string no_local_datagrams(family) {
  const auto opened = local_datagram_socket::open();
  if (opened) return {};
  EXPECT_TRUE(is_unsupported(opened.error())) << opened.error().message();
  return "this system has no local datagrams";
}

constexpr call_on<local_datagram_scene> local_datagram_calls[] = {
    {"LocalDatagramReceiveFrom",
     [](auto& s, deadline d) { return failure_of(s.receiver.receive_from(s.room, d)); },
     [](auto& s) { must(s.sender.send_to(as_bytes("x"), s.where)); }, [](local_datagram_scene&) {},
     no_local_datagrams},
};

}  // namespace

std::vector<deadline_row> deadline_calls_of_local_sockets() {
  auto rows = rows_of(local_calls);
  for (auto& row : rows_of(local_datagram_calls)) rows.push_back(std::move(row));
  return rows;
}

}  // namespace portsock::tests
