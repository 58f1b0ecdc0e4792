// SPDX-License-Identifier: MIT

// Sockets with two owners, in one process and in two.

#include <gtest/gtest.h>

#include <array>
#include <cstdlib>
#include <string>

#include <portsock/sharing.hpp>
#include <tests/support/children.hpp>
#include <tests/support/on_each_family.hpp>
#include <tests/support/sockets.hpp>
#include <tests/support/system.hpp>

namespace portsock::tests {
namespace {

class Duplicate : public OnEachFamily {
 protected:
  connected_pair pair = connected(GetParam());
  std::array<std::byte, 64> buffer{};
};
ON_EACH_FAMILY(Duplicate);

TEST_P(Duplicate, IsTheSameConnection) {
  auto other = must(duplicate(pair.here));

  say(other, "one ");
  say(pair.here, "stream");
  EXPECT_EQ(hear(pair.there, 10), "one stream");
  EXPECT_FALSE(is_inheritable(other.native()));
  EXPECT_EQ(must(other.local_endpoint()), must(pair.here.local_endpoint()));
}

TEST_P(Duplicate, KeepsTheConnectionOpen) {
  auto other = must(duplicate(pair.here));
  {
    const auto closed = std::move(pair.here);
  }

  EXPECT_THAT(pair.there.receive(buffer, shortly()), FailsWith(errc::timed_out));
  say(other, "still here");
  EXPECT_EQ(hear(pair.there, 10), "still here");
}

TEST_P(Duplicate, SharesTheBlockingMode) {
  auto other = must(duplicate(pair.here));
  must(pair.here.set_blocking(false));
  EXPECT_THAT(other.receive(buffer), FailsWith(errc::would_block));
}

TEST_P(Duplicate, OfAListenerTakesItsConnections) {
  auto listener = must(stream_listener::listen(loopback()));
  const auto where = must(listener.local_endpoint());
  auto other = must(duplicate(listener));
  {
    const auto closed = std::move(listener);
  }

  const auto client = must(stream_socket::connect(where, soon()));
  EXPECT_THAT(other.accept(soon()), Succeeds());
}

TEST_P(Duplicate, OfADatagramSocketReceivesItsDatagrams) {
  auto socket = must(datagram_socket::bind(loopback()));
  auto other = must(duplicate(socket));
  must(socket.send_to(as_bytes("x"), must(other.local_endpoint())));
  EXPECT_EQ(must(other.receive_from(buffer, soon())).size, 1u);
}

TEST(DuplicateOfNothing, Fails) {
  const other_handle other;
  EXPECT_THAT(passed_socket::of(native_handle::invalid), testing::Not(Succeeds()));
  EXPECT_THAT(passed_socket::of(other.get()), FailsWith(errc::not_a_socket));
}

TEST(Ticket, OfSomethingElseIsRefused) {
  for (const std::string_view text :
       {"", "fd:", "wsa:", "fd:x", "fd:-1", "fd:0", "fd:9999999999", "wsa:00", "fd:7 "})
    EXPECT_THAT(passed_socket::redeem(text), FailsWith(errc::invalid_argument)) << text;
}

// The child says who it is, is told its ticket, and answers over the socket that it got.

TEST(PassedSocket, DISABLED_InTheChild) {
  auto parent = connect_to_parent();
  say(parent, std::to_string(process_id()) + "\n");
  auto handle = must(passed_socket::redeem(line_of(parent)));
  EXPECT_FALSE(is_inheritable(handle.get()));
  auto passed = must(stream_socket::adopt(handle.release()));
  say(passed, "from the child");
  say(parent, "done\n");
}

TEST(PassedSocket, IsUsableInAChild) {
  auto pair = connected(families_here().front());
  if (!system().shares_with_children) {
    EXPECT_THAT(must(passed_socket::of(pair.here)).ticket_for(1), FailsWith(errc::not_supported));
    return;
  }
  if (!can_start_children()) GTEST_SKIP() << "this program cannot start itself";
  auto listener = must(stream_listener::listen({ipv4_address::loopback()}));
  auto passed = must(passed_socket::of(pair.here));
  const auto command = command_for_child("PassedSocket.DISABLED_InTheChild", listener);
  auto exit_code = in_background([&] { return std::system(command.c_str()); });

  auto child = must(listener.accept(deadline::in(30s)));
  const auto process = static_cast<std::uint32_t>(std::stoul(line_of(child)));
  EXPECT_NE(process, process_id());
  say(child, must(passed.ticket_for(process)) + "\n");
  EXPECT_EQ(line_of(child), "done");
  {
    const auto ours = std::move(pair.here);
  }
  EXPECT_EQ(hear(pair.there, 14), "from the child");
  EXPECT_EQ(exit_code.get(), 0);
}

TEST(PassedSocket, TicketIsShortAndPlain) {
  auto pair = connected(families_here().front());
  if (!system().shares_with_children) GTEST_SKIP() << "IsUsableInAChild says so";
  const auto ticket = must(must(passed_socket::of(pair.here)).ticket_for(process_id()));

  EXPECT_LE(ticket.size(), 2000u);
  EXPECT_EQ(ticket.find_first_not_of("abcdefghijklmnopqrstuvwxyz0123456789:"), ticket.npos);

  // Windows keeps the socket for whoever redeems it; elsewhere it has gone.
  const auto redeemed = passed_socket::redeem(ticket);
}

}  // namespace
}  // namespace portsock::tests
