// SPDX-License-Identifier: MIT

// A local stream is a stream, with paths for endpoints.

#include <gtest/gtest.h>

#include <array>
#include <optional>
#include <vector>

#include <portsock/waker.hpp>
#include <tests/support/local.hpp>
#include <tests/support/on_each_family.hpp>
#include <tests/support/system.hpp>

namespace portsock::tests {
namespace {

class LocalStream : public WithLocalSockets {
 protected:
  void SetUp() override {
    WithLocalSockets::SetUp();
    if (IsSkipped()) return;
    listener.emplace(must(local_listener::listen(where)));
    pair.emplace(connect_to(*listener, where));
  }

  local_stream& here() { return pair->here; }
  local_stream& there() { return pair->there; }

  std::optional<local_listener> listener;
  std::optional<local_pair> pair;
  std::array<std::byte, 64> buffer{};
};

TEST_F(LocalStream, CarriesBytesBothWays) {
  say(here(), "from here");
  EXPECT_EQ(hear(there(), 9), "from here");
  say(there(), "and back");
  EXPECT_EQ(hear(here(), 8), "and back");
}

TEST_F(LocalStream, IsUsableWhereverAStreamIs) {
  stream_socket any = std::move(here());

  say(any, "a relay need not know");
  EXPECT_EQ(hear(there(), 21), "a relay need not know");
  EXPECT_THAT(any.peer_endpoint(), FailsWith(errc::family_not_supported));
  EXPECT_THAT(any.local_endpoint(), FailsWith(errc::family_not_supported));
  EXPECT_FALSE(any.set(options::no_delay, true));
}

TEST_F(LocalStream, CarriesMoreThanTheSystemHoldsAtOnce) {
  const auto data = pattern(1 << 20);
  auto sent = in_background([&] { return here().send_all(data, soon()); });

  std::vector<std::byte> got(data.size());
  EXPECT_THAT(there().receive_exactly(got, soon()), Succeeds());

  EXPECT_EQ(sent.get().size, data.size());
  EXPECT_TRUE(got == data);
}

TEST_F(LocalStream, TellsBothAddresses) {
  EXPECT_EQ(must(here().peer_address()), where);
  EXPECT_TRUE(must(here().address()).is_unnamed());
  EXPECT_EQ(must(there().address()), where);
  EXPECT_TRUE(must(there().peer_address()).is_unnamed());
}

TEST_F(LocalStream, IsNotInherited) {
  EXPECT_FALSE(is_inheritable(here().native()));
  EXPECT_FALSE(is_inheritable(there().native()));
}

TEST_F(LocalStream, WaitsUntilTheDeadline) {
  EXPECT_THAT(here().receive(buffer, shortly()), FailsWith(errc::timed_out));
}

TEST_F(LocalStream, WaitsInAPoller) {
  EXPECT_FALSE(can_receive(here(), shortly()));
  say(there(), "x");
  EXPECT_TRUE(can_receive(here()));
}

TEST_F(LocalStream, EndsWhenThePeerHasFinished) {
  say(there(), "bye");
  ASSERT_THAT(there().shutdown(direction::send), Succeeds());

  EXPECT_EQ(as_text(hear_all(here())), "bye");
  say(here(), "still here");
  EXPECT_EQ(hear(there(), 10), "still here");
}

TEST_F(LocalStream, WhoseSendingIsShutIsABrokenPipe) {
  restore_signals();
  ASSERT_THAT(here().shutdown(direction::send), Succeeds());
  EXPECT_THAT(here().send(as_bytes("x")), FailsWith(errc::broken_pipe));
}

TEST_F(LocalStream, ToAPeerThatIsGoneIsReset) {
  restore_signals();
  pair->there = must(local_stream::connect(where, soon()));  // closes the old one

  for (int i = 0; i < 2; ++i)
    EXPECT_THAT(here().send(as_bytes("x"), soon()), FailsWith(errc::connection_reset));
}

TEST_F(LocalStream, ClosesGracefully) {
  auto closed = in_background([&] { return std::move(here()).close_gracefully(soon()); });
  EXPECT_EQ(must(there().receive(buffer, soon())), 0u);
  pair.reset();
  EXPECT_THAT(closed.get(), Succeeds());
}

TEST_F(LocalStream, CanBeAdopted) {
  must(here().set_blocking(false));
  make_inheritable(here().native());
  auto adopted = must(local_stream::adopt(std::move(here()).release()));

  EXPECT_FALSE(is_inheritable(adopted.native()));
  EXPECT_EQ(must(adopted.peer_address()), where);
  EXPECT_THAT(stream_socket::adopt(adopted.native()), FailsWith(errc::family_not_supported));
  EXPECT_THAT(local_listener::adopt(adopted.native()), FailsWith(errc::wrong_protocol));
}

TEST_F(LocalStream, IsNoTcpStream) {
  const auto tcp = connected(families_here().front());
  EXPECT_THAT(local_stream::adopt(tcp.here.native()), FailsWith(errc::family_not_supported));
}

TEST_F(LocalStream, HasTheOptionsOfEverySocket) {
  EXPECT_THAT(here().set(options::send_buffer, 32 * 1024), Succeeds());
  EXPECT_GE(must(here().get(options::send_buffer)), 32 * 1024);
}

TEST_F(LocalStream, KnowsWhoTheOtherIs) {
  for (auto* const end : {&here(), &there()}) {
    const auto who = must(end->peer_credentials());
    EXPECT_EQ(who.process, process_id());
    EXPECT_EQ(who.user.has_value(), system().tells_local_users);
    EXPECT_EQ(who.group.has_value(), system().tells_local_users);
  }
}

TEST_F(LocalStream, ToWhereNobodyListensIsRefused) {
  const auto gone = folder.address_of("gone");
  const auto dead = folder.address_of("dead");
  close_foreign(must(local_listener::listen(dead)).release());  // leaves its file

  EXPECT_THAT(local_stream::connect(gone), FailsWith(errc::connection_refused));
  EXPECT_THAT(local_stream::connect(gone, soon()), FailsWith(errc::connection_refused));
  EXPECT_THAT(local_stream::connect(dead, soon()), FailsWith(errc::connection_refused));
  EXPECT_THAT(local_stream::connect(folder.address_of("no/such/folder"), soon()),
              FailsWith(errc::connection_refused));
}

TEST_F(LocalStream, ToAListenerWhoseQueueIsFullTimesOutOrIsRefused) {
  const auto busy = folder.address_of("busy");
  const auto listening = must(local_listener::listen(busy, {.backlog = 1}));
  std::vector<local_stream> waiting;
  auto last = local_stream::connect(busy, shortly());
  while (last && waiting.size() < 64) {
    waiting.push_back(std::move(*last));
    last = local_stream::connect(busy, shortly());
  }
  if (last) return;  // a queue that never fills asks for nothing

  const auto stop = must(canceller::create());
  stop.cancel();
  if (system().local_queues_wait) {
    EXPECT_THAT(last, FailsWith(errc::timed_out));
    EXPECT_THAT(local_stream::connect(busy, deadline::never().or_when(stop)),
                FailsWith(errc::cancelled));
    EXPECT_THAT(local_stream::connect(busy, deadline::now()), FailsWith(errc::timed_out));
  } else {
    EXPECT_THAT(last, FailsWith(errc::connection_refused));
  }
}

}  // namespace
}  // namespace portsock::tests
