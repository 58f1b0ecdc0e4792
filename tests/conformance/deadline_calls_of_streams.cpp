// SPDX-License-Identifier: MIT
#include <array>
#include <optional>
#include <vector>

#include <portsock/transfer.hpp>
#include <portsock/urgent_data.hpp>
#include <tests/support/deadline_calls.hpp>
#include <tests/support/files.hpp>
#include <tests/support/sockets.hpp>

namespace portsock::tests {
namespace {

struct stream_scene {
  explicit stream_scene(family of)
      : streams{connected(of)}, listener{must(stream_listener::listen({loopback(of), 0}))} {}

  connected_pair streams;
  stream_listener listener;
  temporary_file named{as_bytes("0123456789")};
  unique_file source = must(unique_file::open(named.path()));
  temporary_file taken;
  unique_file target = must(unique_file::create(taken.path()));
  relay between = must(relay::create());
  std::vector<std::byte> room = std::vector<std::byte>(64);
  std::size_t filled = 0;  // bytes that `here` has sent
  std::optional<stream_socket> client;
};

/// With sizes that the system does not tune: it may find more room after a while.
void fill_here(stream_scene& s) {
  must(s.streams.here.set(options::send_buffer, 65'536));
  must(s.streams.there.set(options::receive_buffer, 65'536));
  s.filled = fill(s.streams.here);
  must(s.streams.here.set_blocking(true));
}
/// All of it: how much room a system thinks worth telling depends on how much there is.
void drain_there(stream_scene& s) {
  std::vector<std::byte> taken(s.filled);
  const auto got = s.streams.there.receive_exactly(taken, soon());
  EXPECT_EQ(got.size, s.filled);
}
void send_to_here(stream_scene& s) { say(s.streams.there, "0123456789"); }

constexpr call_on<stream_scene> stream_calls[] = {
    {"StreamReceive",
     [](auto& s, deadline d) { return failure_of(s.streams.here.receive(s.room, d)); },
     send_to_here},
    {"StreamReceiveScattered",
     [](auto& s, deadline d) {
       return failure_of(s.streams.here.receive(std::array{mutable_bytes{s.room}}, d));
     },
     send_to_here},
    {"StreamReceiveExactly",
     [](auto& s, deadline d) {
       return failure_of(s.streams.here.receive_exactly(mutable_bytes{s.room}.first(10), d));
     },
     send_to_here},
    {"StreamSend",
     [](auto& s, deadline d) { return failure_of(s.streams.here.send(as_bytes("x"), d)); },
     drain_there, fill_here},
    {"StreamSendGathered",
     [](auto& s, deadline d) {
       return failure_of(s.streams.here.send(std::array{as_bytes("x"), as_bytes("y")}, d));
     },
     drain_there, fill_here},
    {"StreamSendAll",
     [](auto& s, deadline d) { return failure_of(s.streams.here.send_all(as_bytes("xyz"), d)); },
     drain_there, fill_here},
    {"StreamSendUrgent",
     [](auto& s, deadline d) { return failure_of(send_urgent(s.streams.here, std::byte{'!'}, d)); },
     drain_there, fill_here},
    {"StreamCloseGracefully",
     [](auto& s, deadline d) { return failure_of(std::move(s.streams.here).close_gracefully(d)); },
     [](auto& s) { must(s.streams.there.shutdown(direction::send)); }},
    {"ListenerAccept", [](auto& s, deadline d) { return failure_of(s.listener.accept(d)); },
     [](auto& s) {
       s.client.emplace(must(stream_socket::connect(must(s.listener.local_endpoint()), soon())));
     }},
    {"ReceiveFile",
     [](auto& s, deadline d) {
       return failure_of(receive_file(s.streams.here, s.target.get(), 10, d));
     },
     send_to_here},
    {"SendFile",
     [](auto& s, deadline d) {
       return failure_of(send_file(s.streams.here, s.source.get(), {.offset = 0, .length = {}}, d));
     },
     drain_there, fill_here},
    {"RelayFromAStream",
     [](auto& s, deadline d) {
       return failure_of(s.between.move(s.streams.here, s.target.get(), 10, d));
     },
     send_to_here},
    {"RelayToAStream",
     [](auto& s, deadline d) {
       return failure_of(s.between.move(s.source.get(), s.streams.here, 10, d));
     },
     drain_there, fill_here},
};

}  // namespace

std::vector<deadline_row> deadline_calls_of_streams() { return rows_of(stream_calls); }

}  // namespace portsock::tests
