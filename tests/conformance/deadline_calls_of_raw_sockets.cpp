// SPDX-License-Identifier: MIT
#include <array>
#include <vector>

#include <portsock/raw_socket.hpp>
#include <tests/support/deadline_calls.hpp>
#include <tests/support/sockets.hpp>
#include <tests/support/system.hpp>

namespace portsock::tests {
namespace {

/// One that nobody uses, nor another process that runs these tests at the same time: 146 to 252
/// are unassigned (IANA).
protocol own_protocol() { return protocol{static_cast<std::uint8_t>(150 + process_id() % 100)}; }

struct raw_scene {
  explicit raw_scene(family of)
      : home{loopback(of)},
        receiver{must(raw_socket::open(of, own_protocol()))},
        sender{must(raw_socket::open(of, own_protocol()))} {
    must(receiver.bind(home));
  }

  ip_address home;
  raw_socket receiver;
  raw_socket sender;
  std::array<std::byte, 64> room{};
};

std::string why_none(family of) {
  const auto opened = raw_socket::open(of, own_protocol());
  if (opened) return {};
  EXPECT_TRUE(opened.error() == errc::access_denied || is_unsupported(opened.error()))
      << opened.error().message();
  return "no raw sockets here: " + opened.error().message();
}

constexpr call_on<raw_scene> raw_calls[] = {
    {"RawReceiveFrom",
     [](auto& s, deadline d) { return failure_of(s.receiver.receive_from(s.room, d)); },
     [](auto& s) { must(s.sender.send_to(as_bytes("x"), s.home, soon())); }, [](raw_scene&) {},
     why_none},
};

}  // namespace

std::vector<deadline_row> deadline_calls_of_raw_sockets() { return rows_of(raw_calls); }

}  // namespace portsock::tests
