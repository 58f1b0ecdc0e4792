// SPDX-License-Identifier: MIT
#include <gtest/gtest.h>

#include <array>

#include <portsock/datagram_receiver.hpp>
#include <portsock/interfaces.hpp>
#include <portsock/poller.hpp>
#include <tests/support/groups.hpp>
#include <tests/support/on_each_family.hpp>
#include <tests/support/sockets.hpp>
#include <tests/support/system.hpp>

namespace portsock::tests {
namespace {

class DatagramReceiver : public OnEachFamily {
 protected:
  DatagramReceiver() {
    for (const auto& one : must(interfaces()))
      (one.loopback ? loopback_index : other_index) = one.index;
  }

  result<datagram_receiver> dropping(std::uint32_t index) {
    return datagram_receiver::over(must(datagram_socket::bind(wildcard())), index);
  }
  void send(std::string_view text, const datagram_receiver& to) {
    must(sender.send_to(as_bytes(text), loopback(must(to.local_endpoint()).port)));
  }

  std::uint32_t loopback_index = 0;
  std::uint32_t other_index = 0x7ffffff0;  // of a real interface, where there is another
  datagram_socket sender = must(datagram_socket::bind(loopback()));
  std::array<std::byte, 64> buffer{};
};
ON_EACH_FAMILY(DatagramReceiver);

TEST_P(DatagramReceiver, HearsWhatComesByItsInterfaceAndAnswers) {
  auto receiver = must(datagram_receiver::bind(GetParam(), 0, loopback_index));
  send("question", receiver);

  const auto got = must(receiver.receive_from(buffer, soon()));
  EXPECT_EQ(got.size, 8u);
  EXPECT_EQ(got.from.to_endpoint(), must(sender.local_endpoint()));
  must(receiver.send_to(as_bytes("answer"), got.from));
  EXPECT_EQ(must(sender.receive_from(buffer, soon())).size, 6u);
}

TEST_P(DatagramReceiver, HearsNothingOfAnotherInterface) {
  auto receiver = datagram_receiver::bind(GetParam(), 0, other_index);
  if (!receiver) {  // no such interface, or one without an address of this family
    EXPECT_THAT(receiver, FailsWith(errc::address_not_available));
    return;
  }
  send("by loopback", *receiver);
  EXPECT_THAT(receiver->receive_from(buffer, deadline::in(20ms)), FailsWith(errc::timed_out));
}

TEST_P(DatagramReceiver, HearsTheSameWhereTheSystemHasNoFilter) {
  auto receiver = must(dropping(loopback_index));
  send("question", receiver);
  if (!system().carries_numbers_beside_datagrams) {
    EXPECT_THAT(receiver.receive_from(buffer, deadline::in(20ms)), FailsWith(errc::timed_out));
    return;
  }
  EXPECT_EQ(must(receiver.receive_from(buffer, soon())).size, 8u);
  must(receiver.set_blocking(false));
  send("again", receiver);
  auto waiting = must(poller::create());
  must(waiting.add(receiver, interest::receive, 0));
  EXPECT_EQ(must(waiting.wait(soon())).size(), 1u);
  EXPECT_EQ(must(receiver.receive_from(buffer)).size, 5u);
}

TEST_P(DatagramReceiver, DropsWhatCameByAnotherWhereTheSystemHasNoFilter) {
  auto receiver = must(dropping(other_index));
  for (int i = 0; i != 40; ++i) send("by loopback", receiver);

  EXPECT_THAT(receiver.receive_from(buffer, deadline::in(20ms)), FailsWith(errc::timed_out));
  must(receiver.set_blocking(false));
  EXPECT_THAT(receiver.receive_from(buffer), FailsWith(errc::would_block));
}

TEST_P(DatagramReceiver, HearsGroupsThatItJoined) {
  const auto here = find_venue(GetParam());
  if (!here)
    GTEST_SKIP() << "no interface can be chosen by which this host hears its own multicast";
  auto from = multicast_sender(*here);
  auto receiver = must(datagram_receiver::bind(GetParam(), 0, here->index));
  const auto port = must(receiver.local_endpoint()).port;
  must(receiver.set(options::multicast_loop, true));

  must(receiver.join(group(GetParam(), 11)));
  must(from.send_to(as_bytes("to all"), {group(GetParam(), 11), port}));
  if (hears_groups_at(here->home)) {
    EXPECT_EQ(must(receiver.receive_from(buffer, soon())).size, 6u);
  }

  must(receiver.leave(group(GetParam(), 11)));
  must(from.send_to(as_bytes("to all"), {group(GetParam(), 11), port}));
  must(from.send_to(as_bytes("end"), {here->home, port}));
  EXPECT_EQ(must(receiver.receive_from(buffer, soon())).size, 3u);
}

TEST_P(DatagramReceiver, IsWaitedForByAPoller) {
  auto receiver = must(datagram_receiver::bind(GetParam(), 0, loopback_index));
  auto waiting = must(poller::create());
  must(waiting.add(receiver, interest::receive, 7));
  send("x", receiver);

  const auto found = must(waiting.wait(soon()));
  ASSERT_EQ(found.size(), 1u);
  EXPECT_EQ(found[0].token, 7u);
}

TEST_P(DatagramReceiver, NeedsAnInterfaceAndTheWildcard) {
  EXPECT_THAT(datagram_receiver::bind(GetParam(), 0, 0), FailsWith(errc::invalid_argument));
  EXPECT_THAT(dropping(0), FailsWith(errc::invalid_argument));
  EXPECT_THAT(datagram_receiver::over(must(datagram_socket::bind(loopback())), loopback_index),
              FailsWith(errc::invalid_argument));
  EXPECT_THAT(datagram_receiver::bind(GetParam(), 0, 0x7ffffff0),
              FailsWith(errc::address_not_available));
}

}  // namespace
}  // namespace portsock::tests
