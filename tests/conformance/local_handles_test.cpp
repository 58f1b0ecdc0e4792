// SPDX-License-Identifier: MIT

// Handles that travel over a local stream.

#include <gtest/gtest.h>

#include <array>
#include <optional>
#include <vector>

#include <tests/support/local.hpp>
#include <tests/support/on_each_family.hpp>
#include <tests/support/system.hpp>

namespace portsock::tests {
namespace {

class LocalHandles : public WithLocalSockets {
 protected:
  void SetUp() override {
    WithLocalSockets::SetUp();
    if (IsSkipped()) return;
    listener.emplace(must(local_listener::listen(where)));
    pair.emplace(connect_to(*listener, where));
    if (!pair->here.send_handles(as_bytes("?"), {}, soon()))
      GTEST_SKIP() << "LocalPassing says that there is none";
    hear(pair->there, 1);
  }

  std::optional<local_listener> listener;
  std::optional<local_pair> pair;
  connected_pair tcp = connected(families_here().front());
  std::array<std::byte, 64> buffer{};
  std::array<unique_handle, 4> room;
};

TEST_F(LocalHandles, ArriveWithTheirByte) {
  const std::array handles{tcp.here.native()};
  EXPECT_EQ(must(pair->here.send_handles(as_bytes("take this"), handles, soon())), 9u);
  {
    const auto closed = std::move(tcp.here);
  }

  const auto got = must(pair->there.receive_handles(buffer, room, soon()));

  EXPECT_EQ(as_text(std::span{buffer}.first(got.size)), "take this");
  ASSERT_EQ(got.count, 1u);
  EXPECT_FALSE(got.truncated);
  EXPECT_FALSE(is_inheritable(room[0].get()));
  auto passed = must(stream_socket::adopt(room[0].release()));
  say(passed, "hello");
  EXPECT_EQ(hear(tcp.there, 5), "hello");
}

TEST_F(LocalHandles, AreNotAddedToBytesThatHaveNone) {
  say(pair->here, "plain");
  const auto got = must(pair->there.receive_handles(buffer, room, soon()));
  EXPECT_EQ(got.size, 5u);
  EXPECT_EQ(got.count, 0u);
}

TEST_F(LocalHandles, ThatFindNoRoomAreClosed) {
  const auto before = count_open_handles();
  const std::vector<native_handle> handles(local_stream::max_handles, tcp.here.native());
  must(pair->here.send_handles(as_bytes("x"), handles, soon()));

  {
    const auto got = must(pair->there.receive_handles(buffer, room, soon()));
    EXPECT_EQ(got.count, room.size());
    EXPECT_TRUE(got.truncated);
    for (auto& handle : room) handle.reset();
  }
  EXPECT_EQ(count_open_handles(), before);
}

TEST_F(LocalHandles, ThatNobodyTakesAreClosed) {
  const auto before = count_open_handles();
  const std::array handles{tcp.here.native()};
  must(pair->here.send_handles(as_bytes("x"), handles, soon()));

  EXPECT_EQ(hear(pair->there, 1), "x");

  EXPECT_EQ(count_open_handles(), before);
}

TEST_F(LocalHandles, ThatCameWithAConnectionThatNobodyTakesAreClosed) {
  auto unaccepted = must(local_stream::connect(where, soon()));
  must(unaccepted.send_handles(as_bytes("x"), std::array{tcp.here.native()}, soon()));
  {
    const auto closed = std::move(tcp.here);
  }

  listener.reset();

  EXPECT_EQ(must(tcp.there.receive(buffer, soon())), 0u);
}

TEST_F(LocalHandles, AreAtMostSixtyFourAndNeverAlone) {
  const std::vector<native_handle> many(local_stream::max_handles + 1, tcp.here.native());
  EXPECT_THAT(pair->here.send_handles(as_bytes("x"), many, soon()),
              FailsWith(errc::invalid_argument));
  EXPECT_THAT(pair->here.send_handles({}, std::array{tcp.here.native()}, soon()),
              FailsWith(errc::invalid_argument));
}

TEST_F(LocalHandles, ThatAreClosedAreRefused) {
  EXPECT_THAT(pair->here.send_handles(as_bytes("x"), std::array{native_handle::invalid}, soon()),
              FailsWith(errc::bad_handle));
}

TEST_F(LocalHandles, WaitUntilTheDeadline) {
  EXPECT_THAT(pair->there.receive_handles(buffer, room, shortly()), FailsWith(errc::timed_out));
}

TEST_F(LocalHandles, EndWithTheStream) {
  ASSERT_THAT(pair->here.shutdown(direction::send), Succeeds());
  EXPECT_EQ(must(pair->there.receive_handles(buffer, room, soon())).size, 0u);
}

TEST(LocalPassing, IsThereOrSaysThatItIsNot) {
  if (!has_local_sockets()) GTEST_SKIP() << "this system has no local sockets";
  const own_folder folder;
  const auto where = folder.address_of("s");
  auto listener = must(local_listener::listen(where));
  auto pair = connect_to(listener, where);

  const auto sent = pair.here.send_handles(as_bytes("x"), std::array{pair.here.native()}, soon());

  if (system().passes_handles)
    EXPECT_THAT(sent, Succeeds());
  else
    EXPECT_THAT(sent, FailsWith(errc::not_supported));
}

}  // namespace
}  // namespace portsock::tests
