// SPDX-License-Identifier: MIT
#include <gtest/gtest.h>

#include <portsock/transfer.hpp>
#include <tests/support/files.hpp>
#include <tests/support/on_each_family.hpp>
#include <tests/support/sockets.hpp>
#include <tests/support/system.hpp>

namespace portsock::tests {
namespace {

class ReceiveFile : public OnEachFamily {
 protected:
  connected_pair pair = connected(GetParam());
  stream_socket& here = pair.here;
  stream_socket& there = pair.there;
  temporary_file named;
  unique_file file = must(unique_file::create(named.path()));
};
ON_EACH_FAMILY(ReceiveFile);

TEST_P(ReceiveFile, WritesEverythingUpToTheEndOfTheStream) {
  const auto data = pattern(5'000'000);
  auto sent = in_background([&] {
    const auto all = here.send_all(data, soon());
    static_cast<void>(here.shutdown(direction::send));
    return all;
  });

  const auto done = receive_file(there, file.get());

  EXPECT_THAT(done, Succeeds());
  EXPECT_EQ(done.size, data.size());
  EXPECT_TRUE(named.content() == data);
}

TEST_P(ReceiveFile, WithADeadlineWritesEverythingToo) {
  const auto data = pattern(5'000'000);
  auto sent = in_background([&] {
    const auto all = here.send_all(data, soon());
    static_cast<void>(here.shutdown(direction::send));
    return all;
  });

  EXPECT_EQ(receive_file(there, file.get(), std::nullopt, soon()).size, data.size());
  EXPECT_TRUE(named.content() == data);
}

TEST_P(ReceiveFile, TakesNoMoreThanIsAskedFor) {
  say(here, "0123456789");

  EXPECT_EQ(receive_file(there, file.get(), 4).size, 4u);
  EXPECT_EQ(receive_file(there, file.get(), 3, soon()).size, 3u);

  EXPECT_EQ(hear(there, 3), "789");
  EXPECT_EQ(as_text(named.content()), "0123456");
}

TEST_P(ReceiveFile, TellsTheEndOfTheStreamFromAllOfIt) {
  say(here, "0123456789");
  ASSERT_THAT(here.shutdown(direction::send), Succeeds());

  const auto done = receive_file(there, file.get(), 20, soon());

  EXPECT_THAT(done, FailsWith(errc::end_of_stream));
  EXPECT_EQ(done.size, 10u);
  EXPECT_EQ(done.at, side::source);
  EXPECT_EQ(as_text(named.content()), "0123456789");
}

TEST_P(ReceiveFile, OfNothingIsEmpty) {
  ASSERT_THAT(here.shutdown(direction::send), Succeeds());

  EXPECT_THAT(receive_file(there, file.get()), Succeeds());
  EXPECT_TRUE(named.content().empty());
}

TEST_P(ReceiveFile, ThatRunsOutOfTimeKeepsWhatCame) {
  say(here, "0123456789");

  const auto done = receive_file(there, file.get(), std::nullopt, shortly());

  EXPECT_THAT(done, FailsWith(errc::timed_out));
  EXPECT_EQ(done.at, side::source);
  EXPECT_EQ(done.size, 10u);
  EXPECT_EQ(as_text(named.content()), "0123456789");
}

TEST_P(ReceiveFile, OnASocketThatDoesNotBlockWaits) {
  ASSERT_THAT(there.set_blocking(false), Succeeds());
  auto done = in_background([&] { return receive_file(there, file.get(), 4); });
  say(here, "late");

  EXPECT_EQ(done.get().size, 4u);
}

TEST_P(ReceiveFile, FromAPeerThatResetsSaysSoEachTime) {
  std::move(here).abort();

  for (int i = 0; i < 2; ++i) {
    const auto done = receive_file(there, file.get(), std::nullopt, soon());
    EXPECT_THAT(done, FailsWith(errc::connection_reset));
    EXPECT_EQ(done.at, side::source);
  }
}

TEST_P(ReceiveFile, AfterOnesOwnShutdownIsAtTheEnd) {
  say(here, "unread");
  ASSERT_THAT(there.shutdown(direction::receive), Succeeds());

  EXPECT_THAT(receive_file(there, file.get(), std::nullopt, soon()), Succeeds());
  EXPECT_TRUE(named.content().empty());
}

TEST_P(ReceiveFile, OntoAFullDiskSaysSo) {
  const auto full = unique_file::create("/dev/full");
  if (!full) GTEST_SKIP() << full.error().message();
  say(here, "0123456789");
  ASSERT_THAT(here.shutdown(direction::send), Succeeds());

  const auto done = receive_file(there, full->get());

  EXPECT_THAT(done, FailsWith(errc::no_space));
  EXPECT_EQ(done.at, side::destination);
  EXPECT_EQ(done.size, 0u);
}

TEST_P(ReceiveFile, IntoAPipeThatNobodyReadsSaysSoAndRaisesNoSignal) {
  restore_signals();
  auto ends = open_pipe();
  ends.read.reset();
  say(here, "0123456789");

  const auto done = receive_file(there, ends.write.get(), std::nullopt, soon());

  EXPECT_THAT(done, FailsWith(errc::broken_pipe));
  EXPECT_EQ(done.at, side::destination);
}

TEST_P(ReceiveFile, IntoAFileThatIsOpenForReadingIsTheDestinationsTrouble) {
  const auto other = must(unique_file::open(named.path()));
  say(here, "0123456789");

  const auto done = receive_file(there, other.get(), 10, soon());

  EXPECT_NE(failure_of(done), std::nullopt);
  EXPECT_EQ(done.at, side::destination);
}

}  // namespace
}  // namespace portsock::tests
