// SPDX-License-Identifier: MIT
#include <gtest/gtest.h>

#include <array>
#include <optional>

#include <tests/support/groups.hpp>
#include <tests/support/on_each_family.hpp>
#include <tests/support/ports.hpp>
#include <tests/support/sockets.hpp>
#include <tests/support/system.hpp>

namespace portsock::tests {
namespace {

constexpr std::uint32_t no_interface = 7'654'321;

class Presets : public OnEachFamily {
 protected:
  stream_listener listener_ = must(stream_listener::listen(loopback()));
  endpoint open_ = must(listener_.local_endpoint());

  std::uint32_t index_of_loopback() const {
    for (const auto& one : must(interfaces()))
      for (const auto& has : one.addresses)
        if (has.address == loopback().address) return one.index;
    return 0;
  }
  /// How the system refuses any interface that is there; nothing where it takes them.
  static std::optional<errc> refuses_interfaces() {
    if (!tests::system().sends_by_an_interface) return errc::not_supported;
    if (GetParam() == family::v6 && !tests::system().sends_ipv6_by_an_interface)
      return errc::invalid_argument;
    return std::nullopt;
  }
};
ON_EACH_FAMILY(Presets);

TEST_P(Presets, AreOptionsOfTheConnection) {
  const auto early = stream_presets{}.with(options::hop_limit, 77).with(options::no_delay, true);

  auto socket = must(stream_socket::connect(open_, soon(), std::nullopt, early));

  EXPECT_EQ(must(socket.get(options::hop_limit)), 77);
  EXPECT_TRUE(must(socket.get(options::no_delay)));
}

TEST_P(Presets, AreOptionsOfWhicheverConnectionWins) {
  const closed_port closed{GetParam()};
  const std::array peers{closed.where(), open_};
  const auto early = stream_presets{}.with(options::hop_limit, 77);

  auto socket = must(stream_socket::connect_any(peers, soon(), 1min, std::nullopt, early));

  EXPECT_EQ(must(socket.peer_endpoint()), open_);
  EXPECT_EQ(must(socket.get(options::hop_limit)), 77);
}

TEST_P(Presets, OfOneOptionTheLaterCounts) {
  const auto early = stream_presets{}.with(options::hop_limit, 77).with(options::hop_limit, 78);

  auto socket = must(stream_socket::connect(open_, soon(), std::nullopt, early));

  EXPECT_EQ(must(socket.get(options::hop_limit)), 78);
}

TEST_P(Presets, ThatAreRefusedFailTheConnectBeforeItBegins) {
  const auto early = stream_presets{}.with(options::hop_limit, 256);

  EXPECT_THAT(stream_socket::connect(open_, soon(), std::nullopt, early),
              FailsWith(errc::invalid_argument));

  ASSERT_THAT(listener_.set_blocking(false), Succeeds());
  EXPECT_THAT(listener_.accept(), FailsWith(errc::would_block));
}

TEST_P(Presets, AreOptionsOfConnectedDatagrams) {
  auto receiver = must(datagram_socket::bind(loopback()));
  const auto early = datagram_presets{}.with(options::hop_limit, 77);

  auto sender = must(
      connected_datagram_socket::connect(must(receiver.local_endpoint()), std::nullopt, early));

  EXPECT_EQ(must(sender.get(options::hop_limit)), 77);
}

// --- the interface

TEST_P(Presets, SendByAnInterface) {
  const auto early = stream_presets{}.with(options::outgoing_interface, index_of_loopback());

  auto client = stream_socket::connect(open_, soon(), std::nullopt, early);

  if (const auto refusal = refuses_interfaces()) {
    EXPECT_THAT(client, FailsWith(*refusal));
    return;
  }
  if (!client) {
    EXPECT_THAT(client, FailsWith(errc::not_supported));
    EXPECT_FALSE(connected(GetParam()).here.supports(options::outgoing_interface));
    return;
  }
  EXPECT_EQ(must(client->get(options::outgoing_interface)), index_of_loopback());
  auto server = must(listener_.accept(soon()));
  say(*client, "hello");
  EXPECT_EQ(hear(server, 5), "hello");
  say(server, "you too");
  EXPECT_EQ(hear(*client, 7), "you too");
}

TEST_P(Presets, SendByNoInterfaceThatIsNotThere) {
  auto socket = must(datagram_socket::bind(loopback()));
  if (!socket.supports(options::outgoing_interface))
    GTEST_SKIP() << "this system has no such option";
  const auto early = stream_presets{}.with(options::outgoing_interface, no_interface);

  EXPECT_THAT(socket.set(options::outgoing_interface, no_interface),
              FailsWith(errc::address_not_available));
  EXPECT_THAT(stream_socket::connect(open_, soon(), std::nullopt, early),
              FailsWith(errc::address_not_available));
}

TEST_P(Presets, SendByAnInterfaceAndHearOthersAsTheSystemHasIt) {
  auto receiver = must(datagram_socket::bind({any(GetParam()), 0}));
  if (!receiver.supports(options::outgoing_interface))
    GTEST_SKIP() << "this system has no such option";
  const auto here = index_of_loopback();
  std::uint32_t elsewhere = 0;
  for (const auto& one : must(interfaces()))
    if (one.index != here && one.up) elsewhere = one.index;
  if (elsewhere == 0) GTEST_SKIP() << "there is no interface but loopback";
  if (const auto refusal = refuses_interfaces()) {
    EXPECT_THAT(receiver.set(options::outgoing_interface, elsewhere), FailsWith(*refusal));
    return;
  }
  ASSERT_THAT(receiver.set(options::outgoing_interface, elsewhere), Succeeds());
  auto sender = must(datagram_socket::bind(loopback()));
  const endpoint there{loopback().address, must(receiver.local_endpoint()).port};

  ASSERT_THAT(sender.send_to(as_bytes(std::string_view{"hello"}), there), Succeeds());

  // On loopback a datagram has arrived when its sending returns, where it arrives at all.
  std::array<std::byte, 16> buffer;
  const auto until = system().interface_is_for_hearing_too ? deadline::in(50ms) : soon();
  EXPECT_EQ(receiver.receive_from(buffer, until).has_value(),
            !system().interface_is_for_hearing_too);
}

}  // namespace
}  // namespace portsock::tests
