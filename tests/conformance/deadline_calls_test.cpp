// SPDX-License-Identifier: MIT

// Every call that takes a deadline: it ends when the time is over, when somebody cancels, and when
// there is something to do.

#include <gtest/gtest.h>

#include <array>
#include <functional>
#include <memory>
#include <vector>

#include <portsock/urgent_data.hpp>
#include <portsock/waker.hpp>
#include <tests/support/on_each_family.hpp>
#include <tests/support/sockets.hpp>
#include <tests/support/system.hpp>

namespace portsock::tests {
namespace {

/// What the calls of the table below are made on.
struct scene {
  explicit scene(family of)
      : streams{connected(of)},
        listener{must(stream_listener::listen({loopback(of), 0}))},
        datagrams{must(datagram_socket::bind({loopback(of), 0}))},
        sender{must(datagram_socket::bind({loopback(of), 0}))},
        connected_datagrams{
            must(connected_datagram_socket::connect(must(sender.local_endpoint())))} {}

  connected_pair streams;
  stream_listener listener;
  datagram_socket datagrams;
  datagram_socket sender;
  connected_datagram_socket connected_datagrams;
  std::vector<std::byte> room = std::vector<std::byte>(64);
  std::size_t filled = 0;  // bytes that `here` has sent
  std::optional<stream_socket> client;
};

struct call {
  const char* name;
  std::optional<error> (*make)(scene&, deadline);  ///< has to wait
  void (*end)(scene&);                             ///< what the call waits for happens
  void (*prepare)(scene&) = [](scene&) {};
};

void PrintTo(const call& row, std::ostream* out) { *out << row.name; }

void fill_here(scene& s) {
  s.filled = fill(s.streams.here);
  must(s.streams.here.set_blocking(true));
}
/// All of it: how much room a system thinks worth telling depends on how much there is.
void drain_there(scene& s) {
  std::vector<std::byte> taken(s.filled);
  const auto got = s.streams.there.receive_exactly(taken, soon());
  EXPECT_EQ(got.size, s.filled);
}
void send_to_here(scene& s) { say(s.streams.there, "0123456789"); }

const call calls[] = {
    {"StreamReceive",
     [](scene& s, deadline d) { return failure_of(s.streams.here.receive(s.room, d)); },
     send_to_here},
    {"StreamReceiveScattered",
     [](scene& s, deadline d) {
       return failure_of(s.streams.here.receive(std::array{mutable_bytes{s.room}}, d));
     },
     send_to_here},
    {"StreamReceiveExactly",
     [](scene& s, deadline d) {
       return failure_of(s.streams.here.receive_exactly(mutable_bytes{s.room}.first(10), d));
     },
     send_to_here},
    {"StreamSend",
     [](scene& s, deadline d) { return failure_of(s.streams.here.send(as_bytes("x"), d)); },
     drain_there, fill_here},
    {"StreamSendGathered",
     [](scene& s, deadline d) {
       return failure_of(s.streams.here.send(std::array{as_bytes("x"), as_bytes("y")}, d));
     },
     drain_there, fill_here},
    {"StreamSendAll",
     [](scene& s, deadline d) { return failure_of(s.streams.here.send_all(as_bytes("xyz"), d)); },
     drain_there, fill_here},
    {"StreamSendUrgent",
     [](scene& s, deadline d) {
       return failure_of(send_urgent(s.streams.here, std::byte{'!'}, d));
     },
     drain_there, fill_here},
    {"StreamCloseGracefully",
     [](scene& s, deadline d) { return failure_of(std::move(s.streams.here).close_gracefully(d)); },
     [](scene& s) { must(s.streams.there.shutdown(direction::send)); }},
    {"ListenerAccept", [](scene& s, deadline d) { return failure_of(s.listener.accept(d)); },
     [](scene& s) {
       s.client.emplace(must(stream_socket::connect(must(s.listener.local_endpoint()), soon())));
     }},
    {"DatagramReceiveFrom",
     [](scene& s, deadline d) { return failure_of(s.datagrams.receive_from(s.room, d)); },
     [](scene& s) { must(s.sender.send_to(as_bytes("x"), must(s.datagrams.local_endpoint()))); }},
    {"DatagramReceiveFromScattered",
     [](scene& s, deadline d) {
       return failure_of(s.datagrams.receive_from(std::array{mutable_bytes{s.room}}, d));
     },
     [](scene& s) { must(s.sender.send_to(as_bytes("x"), must(s.datagrams.local_endpoint()))); }},
    {"ConnectedDatagramReceiveScattered",
     [](scene& s, deadline d) {
       return failure_of(s.connected_datagrams.receive(std::array{mutable_bytes{s.room}}, d));
     },
     [](scene& s) {
       must(s.sender.send_to(as_bytes("x"), must(s.connected_datagrams.local_endpoint())));
     }},
    {"ConnectedDatagramReceive",
     [](scene& s, deadline d) { return failure_of(s.connected_datagrams.receive(s.room, d)); },
     [](scene& s) {
       must(s.sender.send_to(as_bytes("x"), must(s.connected_datagrams.local_endpoint())));
     }},
};

class DeadlineCall : public testing::TestWithParam<std::tuple<family, call>> {
 protected:
  void SetUp() override { which.prepare(on); }

  call which = std::get<1>(GetParam());
  scene on{std::get<0>(GetParam())};
};
INSTANTIATE_TEST_SUITE_P(, DeadlineCall,
                         testing::Combine(testing::ValuesIn(families_here()),
                                          testing::ValuesIn(calls)),
                         [](const auto& instance) {
                           return std::string{std::get<1>(instance.param).name} +
                                  (std::get<0>(instance.param) == family::v4 ? "_v4" : "_v6");
                         });

testing::Matcher<std::optional<error>> is(errc meaning) {
  return testing::Optional(testing::Eq(meaning));
}

TEST_P(DeadlineCall, TimesOutAndNotTooSoon) {
  const auto started = deadline::clock::now();

  EXPECT_THAT(which.make(on, deadline::in(60ms)), is(errc::timed_out));

  EXPECT_GE(deadline::clock::now() - started, 60ms);
  EXPECT_LT(deadline::clock::now() - started, 5s);
}

TEST_P(DeadlineCall, TimesOutAtOnceWhenThereIsNoTime) {
  EXPECT_THAT(which.make(on, deadline::now()), is(errc::timed_out));
}

TEST_P(DeadlineCall, IsCancelledFromAnotherThread) {
  const auto stop = must(canceller::create());
  auto outcome = in_background([&] { return which.make(on, soon().or_when(stop)); });
  stop.cancel();

  EXPECT_THAT(outcome.get(), is(errc::cancelled));
}

TEST_P(DeadlineCall, IsCancelledWithoutAMomentToo) {
  const auto stop = must(canceller::create());
  stop.cancel();

  EXPECT_THAT(which.make(on, deadline::never().or_when(stop)), is(errc::cancelled));
}

TEST_P(DeadlineCall, SucceedsWhenItNeedNotWait) {
  which.end(on);
  EXPECT_EQ(which.make(on, soon()), std::nullopt);
}

TEST_P(DeadlineCall, SucceedsWhenWhatItWaitsForHappens) {
  auto outcome = in_background([&] { return which.make(on, soon()); });
  which.end(on);

  EXPECT_EQ(outcome.get(), std::nullopt);
}

TEST_P(DeadlineCall, SucceedsWithoutAMomentToo) {
  auto outcome = in_background([&] { return which.make(on, deadline::never()); });
  which.end(on);

  EXPECT_EQ(outcome.get(), std::nullopt);
}

TEST_P(DeadlineCall, GoesOnForWhatIsLeftAfterSignals) {
  signal_storm storm{5ms};
  const auto started = deadline::clock::now();

  EXPECT_THAT(which.make(on, deadline::in(150ms)), is(errc::timed_out));

  EXPECT_GE(deadline::clock::now() - started, 150ms);
  EXPECT_LT(deadline::clock::now() - started, 5s);
  EXPECT_EQ(storm.count() > 0, system().has_signals);
}

// ---- a call without a deadline

class Signals : public OnEachFamily {};
ON_EACH_FAMILY(Signals);

TEST_P(Signals, DoNotShowInACallWithoutADeadline) {
  signal_storm storm{1ms};
  auto [here, there] = connected(GetParam());
  std::array<std::byte, 8> buffer;

  // Each answer takes the other thread a while, in which this one is interrupted.
  auto echo = in_background([&there] {
    auto idle = must(poller::create());
    for (int i = 0; i < 20; ++i) {
      const auto text = hear(there, 1);
      must(idle.wait(deadline::in(10ms)));
      say(there, text);
    }
  });
  for (int i = 0; i < 20; ++i) {
    ASSERT_THAT(here.send(as_bytes("x")), Succeeds());
    ASSERT_THAT(here.receive(buffer), Succeeds());
  }

  EXPECT_EQ(storm.count() > 0, system().has_signals);
}

}  // namespace
}  // namespace portsock::tests
