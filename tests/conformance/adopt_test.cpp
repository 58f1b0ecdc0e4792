// SPDX-License-Identifier: MIT

// Sockets that come from elsewhere, and go elsewhere.

#include <gtest/gtest.h>

#include <array>

#include <tests/support/on_each_family.hpp>
#include <tests/support/ports.hpp>
#include <tests/support/sockets.hpp>
#include <tests/support/system.hpp>

namespace portsock::tests {
namespace {

class Adopt : public OnEachFamily {
 protected:
  /// A handle as other code leaves it: inherited by children, and not blocking.
  template <class Socket>
  static native_handle neglected(Socket socket) {
    must(socket.set_blocking(false));
    make_inheritable(socket.native());
    return std::move(socket).release();
  }

  connected_pair pair = connected(GetParam());
  std::array<std::byte, 64> buffer{};
};
ON_EACH_FAMILY(Adopt);

TEST_P(Adopt, MakesAStreamBlockingAndInvisibleToChildren) {
  auto stream = must(stream_socket::adopt(neglected(std::move(pair.here))));

  EXPECT_FALSE(is_inheritable(stream.native()));
  auto received = in_background([&] { return stream.receive(buffer); });
  say(pair.there, "late");
  EXPECT_THAT(received.get(), Succeeds());
}

TEST_P(Adopt, MakesAListenerBlockingAndInvisibleToChildren) {
  auto made = must(stream_listener::listen(loopback()));
  const auto where = must(made.local_endpoint());
  auto listener = must(stream_listener::adopt(neglected(std::move(made))));

  EXPECT_FALSE(is_inheritable(listener.native()));
  auto accepted = in_background([&] { return listener.accept(); });
  const auto client = stream_socket::connect(where, soon());
  EXPECT_THAT(accepted.get(), Succeeds());
}

TEST_P(Adopt, MakesADatagramSocketBlockingAndInvisibleToChildren) {
  auto socket = must(datagram_socket::adopt(neglected(must(datagram_socket::bind(loopback())))));
  const auto where = must(socket.local_endpoint());

  EXPECT_FALSE(is_inheritable(socket.native()));
  EXPECT_THAT(socket.send_to(as_bytes("x"), where), Succeeds());
  EXPECT_EQ(must(socket.receive_from(buffer)).from, where);
}

TEST_P(Adopt, SilencesReportsOfClosedPorts) {
  const auto handle = foreign_socket(GetParam(), kind::datagram);
  bind_foreign(handle, loopback());
  auto socket = must(datagram_socket::adopt(handle));
  const auto closed = closed_datagram_port(GetParam());

  for (int i = 0; i < 3; ++i) EXPECT_THAT(socket.send_to(as_bytes("x"), closed), Succeeds());
  EXPECT_THAT(socket.receive_from(buffer, shortly()), FailsWith(errc::timed_out));
}

TEST_P(Adopt, TakesAConnectedDatagramSocketForOne) {
  auto peer = must(datagram_socket::bind(loopback()));
  auto made = must(connected_datagram_socket::connect(must(peer.local_endpoint())));

  auto socket = must(connected_datagram_socket::adopt(neglected(std::move(made))));

  EXPECT_THAT(socket.send(as_bytes("x")), Succeeds());
  EXPECT_EQ(must(peer.receive_from(buffer, soon())).size, 1u);
  EXPECT_FALSE(is_inheritable(socket.native()));
}

TEST_P(Adopt, RefusesAStreamThatIsNotConnected) {
  const auto handle = foreign_socket(GetParam(), kind::stream);
  bind_foreign(handle, loopback());

  EXPECT_THAT(stream_socket::adopt(handle), FailsWith(errc::not_connected));
  close_foreign(handle);
}

TEST_P(Adopt, RefusesAListenerThatDoesNotListen) {
  const auto handle = foreign_socket(GetParam(), kind::stream);
  bind_foreign(handle, loopback());

  EXPECT_FALSE(stream_listener::adopt(handle));
  close_foreign(handle);
}

TEST_P(Adopt, RefusesSocketsOfAnotherKind) {
  const auto listener = must(stream_listener::listen(loopback()));
  const auto datagram = must(datagram_socket::bind(loopback()));

  EXPECT_THAT(stream_socket::adopt(datagram.native()), FailsWith(errc::wrong_protocol));
  EXPECT_FALSE(stream_socket::adopt(listener.native()));
  EXPECT_THAT(stream_listener::adopt(datagram.native()), FailsWith(errc::wrong_protocol));
  EXPECT_FALSE(stream_listener::adopt(pair.here.native()));
  EXPECT_THAT(datagram_socket::adopt(pair.here.native()), FailsWith(errc::wrong_protocol));
  EXPECT_THAT(raw_socket::adopt(datagram.native()), FailsWith(errc::wrong_protocol));
}

TEST_P(Adopt, TellsConnectedDatagramSocketsFromOthers) {
  const auto alone = must(datagram_socket::bind(loopback()));
  const auto connected = must(connected_datagram_socket::connect(must(alone.local_endpoint())));

  EXPECT_THAT(connected_datagram_socket::adopt(alone.native()), FailsWith(errc::not_connected));
  EXPECT_THAT(datagram_socket::adopt(connected.native()), FailsWith(errc::already_connected));
}

TEST_P(Adopt, ThatFailsLeavesTheHandleToTheCaller) {
  const auto handle = pair.here.native();
  EXPECT_FALSE(datagram_socket::adopt(handle));

  say(pair.here, "still open");
  EXPECT_EQ(hear(pair.there, 10), "still open");
}

TEST_P(Adopt, KnowsTheAddressFamily) {
  auto adopted = must(datagram_socket::adopt(must(datagram_socket::bind(loopback())).release()));

  EXPECT_EQ(must(adopted.local_endpoint()).address, loopback().address);
  EXPECT_THAT(adopted.send_to(as_bytes("x"), wildcard(must(adopted.local_endpoint()).port)),
              Succeeds());
}

TEST_P(Adopt, GivesBackWhatWasReleased) {
  const auto handle = std::move(pair.here).release();

  auto again = must(stream_socket::adopt(handle));

  EXPECT_EQ(again.native(), handle);
  say(again, "same socket");
  EXPECT_EQ(hear(pair.there, 11), "same socket");
}

TEST_P(Adopt, IsNotNeededToBorrow) {
  {
    borrowed<stream_socket> lent{pair.here.native()};
    EXPECT_THAT(lent->send(as_bytes("borrowed")), Succeeds());
    EXPECT_EQ((*lent).native(), pair.here.native());
  }
  say(pair.here, " and given back");
  EXPECT_EQ(hear(pair.there, 23), "borrowed and given back");
}

TEST(AdoptHandle, ThatIsNotASocketIsRefused) {
  const other_handle other;

  EXPECT_THAT(stream_socket::adopt(other.get()), FailsWith(errc::not_a_socket));
  EXPECT_THAT(stream_listener::adopt(other.get()), FailsWith(errc::not_a_socket));
  EXPECT_THAT(datagram_socket::adopt(other.get()), FailsWith(errc::not_a_socket));
  EXPECT_THAT(raw_socket::adopt(other.get()), FailsWith(errc::not_a_socket));
}

TEST(AdoptHandle, ThatIsClosedIsRefused) {
  const auto closed =
      must(datagram_socket::bind({ipv4_address::loopback(), 0})).native();  // and closed

  for (const auto handle : {closed, native_handle::invalid}) {
    const auto adopted = datagram_socket::adopt(handle);
    ASSERT_FALSE(adopted);
    EXPECT_THAT(adopted.error().meaning(), testing::AnyOf(errc::bad_handle, errc::not_a_socket))
        << "Windows cannot tell the two apart";
  }
}

TEST(MovedSocket, CanBeAssignedTo) {
  auto first = must(datagram_socket::bind({ipv4_address::loopback(), 0}));
  auto second = std::move(first);

  first = must(datagram_socket::bind({ipv4_address::loopback(), 0}));

  EXPECT_THAT(first.send_to(as_bytes("x"), must(second.local_endpoint())), Succeeds());
}

TEST(MovedSocket, LeavesNothingOpen) {
  auto kept = must(datagram_socket::bind({ipv4_address::loopback(), 0}));

  const auto before = count_open_handles();
  for (int i = 0; i < 50; ++i) kept = must(datagram_socket::bind({ipv4_address::loopback(), 0}));
  EXPECT_LT(count_open_handles(), before + 10);
}

}  // namespace
}  // namespace portsock::tests
