// SPDX-License-Identifier: MIT
#include <gtest/gtest.h>

#include <array>
#include <optional>
#include <utility>

#include <portsock/local_datagram_socket.hpp>
#include <tests/support/local.hpp>
#include <tests/support/system.hpp>

namespace portsock::tests {
namespace {

class LocalDatagram : public testing::Test {
 protected:
  void SetUp() override {
    auto opened = local_datagram_socket::open();
    if (!opened) {
      EXPECT_TRUE(is_unsupported(opened.error())) << opened.error().message();
      GTEST_SKIP() << "this system has no local datagrams";
    }
    sender.emplace(std::move(*opened));
    receiver.emplace(must(local_datagram_socket::bind(where)));
  }

  own_folder folder;
  local_address where = folder.address_of("d");
  std::optional<local_datagram_socket> sender;
  std::optional<local_datagram_socket> receiver;
  std::array<std::byte, 64> buffer{};
};

TEST_F(LocalDatagram, ArrivesWithTheSendersAddress) {
  const auto back = folder.address_of("back");
  auto named = must(local_datagram_socket::bind(back));

  ASSERT_THAT(named.send_to(as_bytes("question"), where), Succeeds());
  const auto got = must(receiver->receive_from(buffer));

  EXPECT_EQ(as_text(std::span{buffer}.first(got.size)), "question");
  EXPECT_EQ(got.from, back);
  ASSERT_THAT(receiver->send_to(as_bytes("answer"), got.from), Succeeds());
  EXPECT_EQ(must(named.receive_from(buffer, soon())).size, 6u);
}

TEST_F(LocalDatagram, OfASocketWithoutAnAddressHasNoSender) {
  ASSERT_THAT(sender->send_to(as_bytes("x"), where), Succeeds());
  const auto got = must(receiver->receive_from(buffer, soon()));
  EXPECT_TRUE(got.from.is_unnamed());
  EXPECT_FALSE(got.truncated);
  EXPECT_THAT(receiver->send_to(as_bytes("x"), got.from), FailsWith(errc::invalid_argument));
}

TEST_F(LocalDatagram, ThatIsLongerThanTheBufferIsCutAndSaysSo) {
  ASSERT_THAT(sender->send_to(as_bytes("0123456789"), where), Succeeds());
  std::array<std::byte, 4> room{};
  const auto got = must(receiver->receive_from(room, soon()));
  EXPECT_EQ(got.size, 4u);
  EXPECT_TRUE(got.truncated);
}

TEST_F(LocalDatagram, OfZeroBytesIsADatagram) {
  ASSERT_THAT(sender->send_to({}, where), Succeeds());
  EXPECT_EQ(must(receiver->receive_from(buffer, soon())).size, 0u);
  EXPECT_THAT(receiver->receive_from({}), FailsWith(errc::invalid_argument));
  EXPECT_THAT(receiver->receive_from({}, soon()), FailsWith(errc::invalid_argument));
}

TEST_F(LocalDatagram, ToAFullReceiverWouldBlock) {
  result<> sent;
  for (int i = 0; i != 100'000 && sent; ++i) sent = sender->send_to(as_bytes("more"), where);
  EXPECT_THAT(sent, FailsWith(errc::would_block));
}

TEST_F(LocalDatagram, ToWhereNobodyReceivesIsRefused) {
  EXPECT_THAT(sender->send_to(as_bytes("x"), folder.address_of("nobody")),
              FailsWith(errc::connection_refused));
  {
    const unique_handle kept{std::move(*std::exchange(receiver, std::nullopt)).release()};
    EXPECT_THAT(sender->send_to(as_bytes("x"), where), Succeeds());
  }
  EXPECT_THAT(sender->send_to(as_bytes("x"), where), FailsWith(errc::connection_refused))
      << "its file is still there";
}

TEST_F(LocalDatagram, IsNoStream) {
  EXPECT_THAT(local_stream::connect(where), FailsWith(errc::wrong_protocol));
}

TEST_F(LocalDatagram, WaitsUntilTheDeadline) {
  EXPECT_THAT(receiver->receive_from(buffer, shortly()), FailsWith(errc::timed_out));
  must(receiver->set_blocking(false));
  EXPECT_THAT(receiver->receive_from(buffer), FailsWith(errc::would_block));
}

TEST_F(LocalDatagram, SocketTakesItsFilesWithIt) {
  EXPECT_EQ(must(receiver->address()), where);
  EXPECT_THAT(local_datagram_socket::bind(where), FailsWith(errc::address_in_use));

  receiver.reset();

  EXPECT_FALSE(exists(folder.path_of("d")));
  EXPECT_FALSE(exists(folder.path_of("d.lock")));
}

TEST_F(LocalDatagram, SocketReplacesTheFileOfADeadOneAlone) {
  const native_handle living = std::move(*receiver).release();
  EXPECT_THAT(local_datagram_socket::bind(where), FailsWith(errc::address_in_use));

  close_foreign(living);

  EXPECT_THAT(local_datagram_socket::bind(where), Succeeds());
}

TEST_F(LocalDatagram, SocketCanBeAdopted) {
  auto adopted = must(local_datagram_socket::adopt(std::move(*receiver).release()));
  ASSERT_THAT(sender->send_to(as_bytes("x"), where), Succeeds());
  EXPECT_EQ(must(adopted.receive_from(buffer, soon())).size, 1u);
  EXPECT_THAT(local_stream::adopt(adopted.native()), FailsWith(errc::wrong_protocol));
}

}  // namespace
}  // namespace portsock::tests
