// SPDX-License-Identifier: MIT
#include <gtest/gtest.h>

#include <portsock/transfer.hpp>
#include <portsock/waker.hpp>
#include <tests/support/files.hpp>
#include <tests/support/on_each_family.hpp>
#include <tests/support/sockets.hpp>
#include <tests/support/system.hpp>

namespace portsock::tests {
namespace {

class Relay : public OnEachFamily {
 protected:
  connected_pair in = connected(GetParam());
  connected_pair out = connected(GetParam());
  relay between = must(relay::create());
};
ON_EACH_FAMILY(Relay);

TEST_P(Relay, CarriesEverythingUpToTheEndOfTheStream) {
  const auto data = pattern(20'000'000);
  auto sent = in_background([&] {
    const auto all = in.here.send_all(data, soon());
    static_cast<void>(in.here.shutdown(direction::send));
    return all;
  });
  auto moving = in_background([&] {
    const auto done = between.move(in.there, out.here);
    static_cast<void>(out.here.shutdown(direction::send));
    return done;
  });

  EXPECT_TRUE(hear_all(out.there) == data);
  const auto done = moving.get();
  EXPECT_THAT(done, Succeeds());
  EXPECT_EQ(done.size, data.size());
}

TEST_P(Relay, WithADeadlineCarriesEverythingToo) {
  const auto data = pattern(20'000'000);
  auto sent = in_background([&] {
    const auto all = in.here.send_all(data, soon());
    static_cast<void>(in.here.shutdown(direction::send));
    return all;
  });
  auto moving = in_background([&] {
    const auto done = between.move(in.there, out.here, std::nullopt, soon());
    static_cast<void>(out.here.shutdown(direction::send));
    return done;
  });

  EXPECT_TRUE(hear_all(out.there) == data);
  EXPECT_EQ(moving.get().size, data.size());
}

TEST_P(Relay, TakesNoMoreThanIsAskedFor) {
  say(in.here, "0123456789");

  EXPECT_EQ(between.move(in.there, out.here, 4).size, 4u);

  EXPECT_EQ(hear(out.there, 4), "0123");
  EXPECT_EQ(hear(in.there, 6), "456789");
}

TEST_P(Relay, CanBeUsedForOnePairAfterTheOther) {
  auto other = connected(GetParam());
  say(in.here, "one");
  say(other.here, "two");

  EXPECT_EQ(between.move(in.there, out.here, 3, soon()).size, 3u);
  EXPECT_EQ(between.move(other.there, out.here, 3, soon()).size, 3u);

  EXPECT_EQ(hear(out.there, 6), "onetwo");
}

TEST_P(Relay, WaitsForTheSourceUntilTheTimeRunsOut) {
  const auto done = between.move(in.there, out.here, std::nullopt, shortly());

  EXPECT_THAT(done, FailsWith(errc::timed_out));
  EXPECT_EQ(done.at, side::source);
  EXPECT_EQ(done.size, 0u);
}

TEST_P(Relay, KeepsWhatItCouldNotDeliverInTime) {
  const auto data = pattern(40'000'000);
  auto sent = in_background([&] {
    const auto all = in.here.send_all(data, soon());
    static_cast<void>(in.here.shutdown(direction::send));
    return all;
  });
  std::uint64_t moved = 0;
  // On a busy machine the time may run out before there is enough that nobody takes.
  for (const auto until = soon();;) {
    const auto part = between.move(in.there, out.here, std::nullopt, deadline::in(200ms));
    moved += part.size;
    ASSERT_THAT(part, FailsWith(errc::timed_out));
    if (part.at == side::destination) break;
    ASSERT_FALSE(until.has_passed());
  }
  EXPECT_GT(between.held(), 0u);

  auto rest = in_background([&] {
    const auto done = between.move(in.there, out.here, std::nullopt, soon());
    static_cast<void>(out.here.shutdown(direction::send));
    return done;
  });

  EXPECT_TRUE(hear_all(out.there) == data);
  EXPECT_EQ(moved + rest.get().size, data.size());
  EXPECT_EQ(between.held(), 0u);
}

TEST_P(Relay, ToAPeerThatIsGoneSaysAtWhichEndAndKeepsTheData) {
  restore_signals();
  say(in.here, "0123456789");
  std::move(out.there).abort();
  ASSERT_TRUE(is_reset(out.here));

  const auto done = between.move(in.there, out.here, 10, soon());
  EXPECT_THAT(done, FailsWith(errc::connection_reset));
  EXPECT_EQ(done.at, side::destination);
  EXPECT_EQ(between.held(), 10u);

  auto other = connected(GetParam());
  EXPECT_EQ(between.move(in.there, other.here, 10, soon()).size, 10u);
  EXPECT_EQ(hear(other.there, 10), "0123456789");
}

TEST_P(Relay, FromAPeerThatResetsSaysAtWhichEnd) {
  std::move(in.here).abort();

  const auto done = between.move(in.there, out.here, std::nullopt, soon());

  EXPECT_THAT(done, FailsWith(errc::connection_reset));
  EXPECT_EQ(done.at, side::source);
}

TEST_P(Relay, IsCancelledFromAnotherThread) {
  const auto stop = must(canceller::create());
  auto moving = in_background([&] {
    return between.move(in.there, out.here, std::nullopt, deadline::never().or_when(stop));
  });
  say(in.here, "first");
  EXPECT_EQ(hear(out.there, 5), "first");
  stop.cancel();

  const auto done = moving.get();
  EXPECT_THAT(done, FailsWith(errc::cancelled));
  EXPECT_EQ(done.size, 5u);
}

TEST_P(Relay, CarriesWhatComesBitByBitAtOnce) {
  auto moving = in_background([&] { return between.move(in.there, out.here); });
  for (int i = 0; i < 20; ++i) {
    say(in.here, "bit");
    EXPECT_EQ(hear(out.there, 3), "bit");
  }
  ASSERT_THAT(in.here.shutdown(direction::send), Succeeds());

  EXPECT_EQ(moving.get().size, 60u);
}

TEST_P(Relay, ThatTheDestinationRefusesGoesOnThroughABuffer) {
  // The second destination is of a kind that no system splices to.
  const auto terminal = unique_file::create("/dev/full");
  if (!terminal) GTEST_SKIP() << terminal.error().message();
  say(in.here, "0123456789");
  ASSERT_THAT(between.move(in.there, terminal->get(), 10, soon()), FailsWith(errc::no_space));
  EXPECT_EQ(between.held(), 10u);

  say(in.here, "abc");
  EXPECT_EQ(between.move(in.there, out.here, 13, soon()).size, 13u);
  EXPECT_EQ(hear(out.there, 13), "0123456789abc");
}

TEST_P(Relay, CopiesOnlyWhereTheSystemHasNoOtherWay) {
  say(in.here, "0123456789");
  ASSERT_THAT(between.move(in.there, out.here, 10, soon()), Succeeds());

  EXPECT_EQ(between.copies(), system().name != "Linux");
}

TEST_P(Relay, ClosesWhatItOpened) {
  const auto before = count_open_handles();
  {
    const auto another = must(relay::create());
  }
  EXPECT_EQ(count_open_handles(), before);
}

}  // namespace
}  // namespace portsock::tests
