// SPDX-License-Identifier: MIT
#include <gtest/gtest.h>

#include <array>
#include <set>
#include <vector>

#include <tests/support/mechanisms.hpp>
#include <tests/support/ports.hpp>
#include <tests/support/sockets.hpp>
#include <tests/support/system.hpp>

namespace portsock::tests {
namespace {

class Poller : public OnEachMechanism {
 protected:
  connected_pair pair = connected(of);
  stream_socket& here = pair.here;
  stream_socket& there = pair.there;
  std::array<std::byte, 64> buffer{};
};
ON_EACH_MECHANISM(Poller);

TEST_P(Poller, TellsNothingWhenNothingHappens) {
  ASSERT_THAT(waiting.add(here, interest::receive, 7), Succeeds());
  EXPECT_TRUE(nothing_is_ready());
}

TEST_P(Poller, TellsThatDataCameWithTheCallersToken) {
  const auto token = std::uint64_t{0xfedc'ba98'7654'3210};
  ASSERT_THAT(waiting.add(here, interest::receive, token), Succeeds());
  say(there, "x");

  const auto found = only();

  EXPECT_EQ(found.token, token);
  EXPECT_TRUE(found.can_receive);
  EXPECT_FALSE(found.can_send) << "nobody asked";
  EXPECT_FALSE(found.failed);
}

TEST_P(Poller, TellsThatThereIsRoom) {
  ASSERT_THAT(waiting.add(here, interest::send, 7), Succeeds());

  const auto found = only();

  EXPECT_TRUE(found.can_send);
  EXPECT_FALSE(found.can_receive) << "nobody asked";
}

TEST_P(Poller, TellsAgainUntilItIsDealtWith) {
  ASSERT_THAT(waiting.add(here, interest::receive, 7), Succeeds());
  say(there, "xy");

  for (int i = 0; i < 3; ++i) EXPECT_TRUE(only().can_receive) << i;
  EXPECT_EQ(hear(here, 1), "x");
  EXPECT_TRUE(only().can_receive) << "half of it is left";
  EXPECT_EQ(hear(here, 1), "y");
  EXPECT_TRUE(nothing_is_ready());
  say(there, "z");
  EXPECT_TRUE(only().can_receive);
}

TEST_P(Poller, WaitsForTheLowWaterMarkButNotForMoreThanTheEnd) {
  if (!system().has_low_water_marks) {
    EXPECT_THAT(here.set(options::receive_low_water, 4), FailsWith(errc::not_supported));
    return;
  }
  ASSERT_THAT(here.set(options::receive_low_water, 4), Succeeds());
  ASSERT_THAT(waiting.add(here, interest::receive, 7), Succeeds());

  say(there, "abc");
  EXPECT_TRUE(nothing_is_ready());
  say(there, "d");
  EXPECT_TRUE(only().can_receive);
  EXPECT_EQ(hear(here, 4), "abcd");

  say(there, "e");
  EXPECT_TRUE(nothing_is_ready());
  ASSERT_THAT(here.set(options::receive_low_water, 1), Succeeds());
  EXPECT_TRUE(only().can_receive) << "what was there before";
  EXPECT_EQ(hear(here, 1), "e");

  ASSERT_THAT(here.set(options::receive_low_water, 4), Succeeds());
  say(there, "f");
  must(there.shutdown(direction::send));
  EXPECT_TRUE(only().can_receive) << "no more will come";
}

TEST_P(Poller, TellsBothAtOnce) {
  ASSERT_THAT(waiting.add(here, interest::both, 7), Succeeds());
  say(there, "x");
  ASSERT_TRUE(can_receive(here));

  const auto found = only();

  EXPECT_TRUE(found.can_receive);
  EXPECT_TRUE(found.can_send);
}

TEST_P(Poller, TellsThatRoomIsThereAgain) {
  fill(here);
  ASSERT_THAT(waiting.add(here, interest::send, 7), Succeeds());
  EXPECT_TRUE(nothing_is_ready());

  auto drained = in_background([&] { return hear_all(there).size(); });

  EXPECT_TRUE(only().can_send);
  ASSERT_THAT(here.shutdown(direction::send), Succeeds());
  EXPECT_GT(drained.get(), 0u);
}

TEST_P(Poller, TellsThatTheStreamEnded) {
  ASSERT_THAT(waiting.add(here, interest::receive, 7), Succeeds());
  ASSERT_THAT(there.shutdown(direction::send), Succeeds());

  EXPECT_TRUE(only().can_receive);
  EXPECT_EQ(must(here.receive(buffer)), 0u);
}

TEST_P(Poller, TellsThatThePeerClosed) {
  ASSERT_THAT(waiting.add(here, interest::receive, 7), Succeeds());
  {
    const auto closed = std::move(there);
  }

  EXPECT_TRUE(only().can_receive);
}

TEST_P(Poller, TellsThatTheConnectionWasReset) {
  for (const auto wanted : {interest::receive, interest::send, interest::both}) {
    auto [client, server] = connected(of);
    auto fresh = must(poller::create(mechanism));
    must(fresh.add(client, wanted, 7));
    std::move(server).abort();
    ASSERT_TRUE(is_reset(client));

    const auto found = must(fresh.wait(soon()));

    ASSERT_EQ(found.size(), 1u);
    EXPECT_TRUE(found.front().failed);
    if (wanted != interest::send) {
      EXPECT_TRUE(found.front().can_receive) << "the next receive does not wait";
    }
    if (wanted != interest::receive) {
      EXPECT_TRUE(found.front().can_send) << "the next send does not wait";
    }
    EXPECT_THAT(client.receive(buffer), FailsWith(errc::connection_reset));
  }
}

TEST_P(Poller, TellsThatAConnectionWaits) {
  auto listener = must(stream_listener::listen(loopback()));
  ASSERT_THAT(waiting.add(listener, interest::receive, 7), Succeeds());
  EXPECT_TRUE(nothing_is_ready());

  const auto client = must(stream_socket::connect(must(listener.local_endpoint()), soon()));

  EXPECT_TRUE(only().can_receive);
  EXPECT_THAT(listener.accept(), Succeeds());
}

TEST_P(Poller, TellsThatADatagramCameEvenAnEmptyOne) {
  auto socket = must(datagram_socket::bind(loopback()));
  ASSERT_THAT(waiting.add(socket, interest::receive, 7), Succeeds());
  EXPECT_TRUE(nothing_is_ready());

  must(socket.send_to(const_bytes{}, must(socket.local_endpoint())));

  EXPECT_TRUE(only().can_receive);
  EXPECT_EQ(must(socket.receive_from(buffer)).size, 0u);
  EXPECT_TRUE(nothing_is_ready());
}

TEST_P(Poller, TellsThatAConnectSucceeded) {
  auto listener = must(stream_listener::listen(loopback()));
  stream_socket socket{unique_handle{foreign_socket(of, kind::stream)}};
  must(socket.set_blocking(false));
  start_to_connect(socket.native(), must(listener.local_endpoint()));
  ASSERT_THAT(waiting.add(socket, interest::send, 7), Succeeds());

  const auto found = only();

  EXPECT_TRUE(found.can_send);
  EXPECT_FALSE(found.failed);
}

TEST_P(Poller, TellsThatAConnectWasRefused) {
  const closed_port closed{of};
  stream_socket socket{unique_handle{foreign_socket(of, kind::stream)}};
  must(socket.set_blocking(false));
  start_to_connect(socket.native(), closed.where());
  ASSERT_THAT(waiting.add(socket, interest::send, 7), Succeeds());

  const auto found = only();

  EXPECT_TRUE(found.can_send);
  EXPECT_TRUE(found.failed);
}

TEST_P(Poller, WatchesWhatItWasToldLast) {
  ASSERT_THAT(waiting.add(here, interest::receive, 7), Succeeds());
  EXPECT_TRUE(nothing_is_ready());

  ASSERT_THAT(waiting.change(here, interest::send, 8), Succeeds());
  const auto found = only();
  EXPECT_EQ(found.token, 8u);
  EXPECT_TRUE(found.can_send);

  ASSERT_THAT(waiting.change(here, interest::receive, 9), Succeeds());
  EXPECT_TRUE(nothing_is_ready());
}

TEST_P(Poller, ForgetsWhatIsRemoved) {
  ASSERT_THAT(waiting.add(here, interest::both, 7), Succeeds());
  EXPECT_TRUE(only().can_send);

  ASSERT_THAT(waiting.remove(here), Succeeds());

  EXPECT_TRUE(nothing_is_ready());
  EXPECT_THAT(waiting.add(here, interest::both, 7), Succeeds()) << "and takes it again";
}

TEST_P(Poller, TellsNothingOfASocketThatWasRemovedAndClosed) {
  say(there, "x");
  ASSERT_THAT(waiting.add(here, interest::receive, 7), Succeeds());
  EXPECT_TRUE(only().can_receive);

  ASSERT_THAT(waiting.remove(here), Succeeds());
  {
    const auto closed = std::move(here);
  }

  EXPECT_TRUE(nothing_is_ready());
}

TEST_P(Poller, TakesASocketOnce) {
  ASSERT_THAT(waiting.add(here, interest::receive, 7), Succeeds());
  EXPECT_THAT(waiting.add(here, interest::receive, 8), FailsWith(errc::invalid_argument));
  EXPECT_THAT(waiting.add(here, interest::send, 7), FailsWith(errc::invalid_argument));
}

TEST_P(Poller, CanChangeAndRemoveOnlyWhatItHas) {
  EXPECT_THAT(waiting.change(here, interest::send, 7), FailsWith(errc::invalid_argument));
  EXPECT_THAT(waiting.remove(here), FailsWith(errc::invalid_argument));

  must(waiting.add(here, interest::receive, 7));
  must(waiting.remove(here));
  EXPECT_THAT(waiting.remove(here), FailsWith(errc::invalid_argument));
}

TEST_P(Poller, WatchesTwoHundredSockets) {
  std::vector<datagram_socket> sockets;
  for (std::uint64_t token = 0; token < 200; ++token) {
    sockets.push_back(must(datagram_socket::bind(loopback())));
    must(waiting.add(sockets.back(), interest::receive, token));
  }
  EXPECT_TRUE(nothing_is_ready());

  for (const auto& socket : sockets)
    must(sockets.front().send_to(as_bytes("x"), must(socket.local_endpoint())));

  std::set<std::uint64_t> told;
  while (told.size() < sockets.size()) {
    const auto found = must(waiting.wait(soon()));
    ASSERT_FALSE(found.empty());
    for (const auto& each : found) {
      EXPECT_TRUE(told.insert(each.token).second) << "each once until it is read";
      must(sockets[static_cast<std::size_t>(each.token)].receive_from(buffer));
    }
  }
  EXPECT_TRUE(nothing_is_ready());
}

TEST_P(Poller, KeepsTheOthersWhenOneIsRemoved) {
  std::vector<datagram_socket> sockets;
  for (std::uint64_t token = 0; token < 5; ++token) {
    sockets.push_back(must(datagram_socket::bind(loopback())));
    must(waiting.add(sockets.back(), interest::receive, token));
  }
  must(waiting.remove(sockets[0]));
  must(waiting.remove(sockets[3]));

  for (const auto& socket : sockets)
    must(sockets.front().send_to(as_bytes("x"), must(socket.local_endpoint())));
  for (const auto i : {1u, 2u, 4u}) ASSERT_TRUE(can_receive(sockets[i]));

  std::multiset<std::uint64_t> told;
  for (const auto& each : must(waiting.wait(soon()))) told.insert(each.token);
  EXPECT_EQ(told, (std::multiset<std::uint64_t>{1, 2, 4}));
}

}  // namespace
}  // namespace portsock::tests
