// SPDX-License-Identifier: MIT
#include <gtest/gtest.h>

#include <array>
#include <optional>
#include <variant>

#include <portsock/icmp.hpp>
#include <tests/support/on_each_family.hpp>
#include <tests/support/sockets.hpp>
#include <tests/support/system.hpp>

namespace portsock::tests {
namespace {

class Raw : public OnEachFamily {
 protected:
  void SetUp() override {
    auto opened = raw_socket::open(GetParam(), icmp_protocol());
    if (opened) {
      socket.emplace(std::move(*opened));
      return;
    }
    ASSERT_TRUE(opened.error() == errc::access_denied || is_unsupported(opened.error()))
        << opened.error().message();
    GTEST_SKIP() << "no raw sockets here: " << opened.error().message();
  }

  static protocol icmp_protocol() {
    return GetParam() == family::v4 ? protocol::icmp : protocol::icmp_v6;
  }
  static ip_address home() { return loopback().address; }

  /// An echo request that no other program sends at the same time.
  const_bytes request() {
    const icmp::echo_request echo{
        {.identifier = 0x7a69,
         .sequence = must(must(datagram_socket::bind(loopback())).local_endpoint()).port,
         .payload = as_bytes("portsock conformance")}};
    sequence = echo.sequence;
    return *icmp::encode(echo, GetParam(), packet);
  }
  /// The reply to the last request, past all else that is heard.
  raw_received reply() {
    for (;;) {
      const auto got = must(socket->receive_from(buffer, soon()));
      const auto message = icmp::decode(const_bytes{buffer}.first(got.size), GetParam());
      if (!message) continue;
      const auto* answer = std::get_if<icmp::echo_reply>(&*message);
      if (answer == nullptr || answer->sequence != sequence) continue;
      EXPECT_EQ(as_text(answer->payload), "portsock conformance");
      return got;
    }
  }

  std::optional<raw_socket> socket;
  std::uint16_t sequence = 0;
  std::array<std::byte, 64> packet{};
  std::array<std::byte, 2048> buffer{};
};
ON_EACH_FAMILY(Raw);

TEST_P(Raw, PacketsCarryThePayloadAlone) {
  const auto sent = request();
  ASSERT_THAT(socket->send_to(sent, home()), Succeeds());

  const auto got = reply();

  EXPECT_EQ(got.size, sent.size());
  EXPECT_EQ(got.from, home());
  EXPECT_FALSE(got.truncated);
}

TEST_P(Raw, PacketsTellTheirHopLimit) {
  ASSERT_THAT(socket->send_to(request(), home(), soon()), Succeeds());

  const auto got = reply();

  ASSERT_TRUE(got.hop_limit);
  EXPECT_GT(*got.hop_limit, 0);
}

TEST_P(Raw, PacketsThatAreLongerThanTheBufferAreCutAndSaySo) {
  ASSERT_THAT(socket->send_to(request(), home()), Succeeds());

  std::array<std::byte, 8> room{};
  const auto got = must(socket->receive_from(room, soon()));

  EXPECT_TRUE(got.truncated);
  EXPECT_EQ(got.size, room.size());
}

TEST_P(Raw, SocketBoundToAnAddressSendsFromIt) {
  ASSERT_THAT(socket->bind(home()), Succeeds());
  EXPECT_EQ(must(socket->local_endpoint()).address, home());

  ASSERT_THAT(socket->send_to(request(), home()), Succeeds());
  EXPECT_EQ(reply().from, home());
}

TEST_P(Raw, SocketThatIsNotBoundIsAtTheWildcard) {
  EXPECT_EQ(must(socket->local_endpoint()).address, wildcard().address);
}

TEST_P(Raw, SocketIsNotBoundToAnAddressOfAnotherHost) {
  EXPECT_THAT(socket->bind(elsewhere().address), FailsWith(errc::address_not_available));
}

TEST_P(Raw, SocketThatDoesNotBlockSaysThatNothingHasCome) {
  ASSERT_THAT(socket->set_blocking(false), Succeeds());

  // Packets of other programs may come at any time; an end of them comes too.
  for (int i = 0; i < 1000; ++i)
    if (const auto got = socket->receive_from(buffer); !got) {
      EXPECT_THAT(got, FailsWith(errc::would_block));
      return;
    }
}

TEST_P(Raw, SocketSendsWithTheHopLimitThatIsSet) {
  ASSERT_THAT(socket->set(options::hop_limit, 33), Succeeds());

  EXPECT_EQ(must(socket->get(options::hop_limit)), 33);
  EXPECT_THAT(socket->send_to(request(), home()), Succeeds());
}

TEST_P(Raw, PacketsMayBringTheirOwnHeader) {
  if (GetParam() == family::v6) {
    EXPECT_THAT(raw_socket::open(family::v6, icmp_protocol(), {.header_included = true}),
                FailsWith(errc::not_supported));
    return;
  }
  auto writer = must(raw_socket::open(family::v4, protocol::icmp, {.header_included = true}));
  const auto payload = request();
  std::array<std::byte, 128> whole{};
  const auto total = static_cast<std::uint16_t>(20 + payload.size());
  const auto set = [&](std::size_t at, unsigned value) {
    whole[at] = static_cast<std::byte>(value);
  };
  set(0, 0x45);
  set(2, total >> 8);
  set(3, total & 0xff);
  set(8, 61);
  set(9, 1);
  for (const std::size_t at : {12u, 16u}) {
    set(at, 127);
    set(at + 3, 1);
  }
  std::copy(payload.begin(), payload.end(), whole.begin() + 20);

  ASSERT_THAT(writer.send_to(const_bytes{whole}.first(total), home()), Succeeds());

  EXPECT_EQ(reply().size, payload.size());
}

TEST_P(Raw, SocketIsAdoptedAsWhatItIs) {
  const auto handle = std::move(*socket).release();

  auto adopted = raw_socket::adopt(handle);

  ASSERT_THAT(adopted, Succeeds());
  EXPECT_THAT(adopted->send_to(request(), home()), Succeeds());
}

class RawTcp : public OnEachFamily {};
ON_EACH_FAMILY(RawTcp);

TEST_P(RawTcp, IsRefusedWhereTheSystemWouldSendNothingOfIt) {
  const auto opened = raw_socket::open(GetParam(), protocol::tcp);

  if (!opened && opened.error() == errc::access_denied)
    GTEST_SKIP() << "no raw sockets here: " << opened.error().message();
  if (system().sends_raw_tcp)
    EXPECT_THAT(opened, Succeeds());
  else
    EXPECT_THAT(opened, FailsWith(errc::not_supported));
}

}  // namespace
}  // namespace portsock::tests
