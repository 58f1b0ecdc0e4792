// SPDX-License-Identifier: MIT

// How sending a file ends before all of it went, and files that are none.

#include <gtest/gtest.h>

#include <algorithm>
#include <array>

#include <portsock/waker.hpp>
#include <tests/support/sends_files.hpp>
#include <tests/support/system.hpp>

namespace portsock::tests {
namespace {

class SendFileEnd : public SendsFiles {};
ON_EACH_FAMILY(SendFileEnd);

TEST_P(SendFileEnd, ThatRunsOutOfTimeSaysHowMuchThePeerWillRead) {
  const auto data = pattern(50'000'000);
  const readable file{data};

  const auto done = send_file(here, file.get(), {}, deadline::in(200ms));
  ASSERT_THAT(done, FailsWith(errc::timed_out));
  EXPECT_EQ(done.at, side::destination);
  EXPECT_GT(done.size, 0u);
  ASSERT_THAT(here.shutdown(direction::send), Succeeds());

  const auto got = hear_all(there);
  EXPECT_EQ(got.size(), done.size);
  EXPECT_TRUE(std::equal(got.begin(), got.end(), data.begin()));
}

TEST_P(SendFileEnd, ThatRanOutOfTimeGoesOnWhereItStopped) {
  const auto data = pattern(20'000'000);
  const readable file{data};
  const auto first = send_file(here, file.get(), {}, deadline::now());
  ASSERT_THAT(first, FailsWith(errc::timed_out));

  auto sent = sending(file.get(), {}, soon());

  EXPECT_TRUE(hear_all(there) == data);
  EXPECT_EQ(first.size + sent.get().size, data.size());
}

TEST_P(SendFileEnd, WithADeadlineLeavesTheSocketBlocking) {
  const readable file{pattern(50'000'000)};
  ASSERT_THAT(send_file(here, file.get(), {}, shortly()), FailsWith(errc::timed_out));

  // More than the systems ever take in: in a short time they may not have been filled.
  const auto more = pattern(20'000'000);
  auto waiting = in_background([&] { return here.send_all(more); });
  EXPECT_EQ(waiting.wait_for(50ms), std::future_status::timeout);
  std::move(there).abort();
  EXPECT_THAT(waiting.get(), FailsBecauseThePeerIsGone());
}

TEST_P(SendFileEnd, WithADeadlineLetsAnotherThreadReceiveMeanwhile) {
  const readable file{pattern(50'000'000)};
  std::array<std::byte, 8> buffer;
  auto received = in_background([&] { return here.receive(buffer); });

  EXPECT_THAT(send_file(here, file.get(), {}, shortly()), FailsWith(errc::timed_out));
  say(there, "late");

  EXPECT_EQ(must(received.get()), 4u);
}

TEST_P(SendFileEnd, IsCancelledFromAnotherThread) {
  const readable file{pattern(50'000'000)};
  const auto stop = must(canceller::create());

  auto sent = in_background(
      [&] { return send_file(here, file.get(), {}, deadline::never().or_when(stop)); });
  EXPECT_EQ(sent.wait_for(50ms), std::future_status::timeout);
  stop.cancel();

  const auto done = sent.get();
  EXPECT_THAT(done, FailsWith(errc::cancelled));
  EXPECT_GT(done.size, 0u);
}

TEST_P(SendFileEnd, ToAPeerThatResetsHalfwaySaysSoAndRaisesNoSignal) {
  restore_signals();
  const auto data = pattern(50'000'000);
  const readable file{data};

  auto sent = in_background([&] { return send_file(here, file.get()); });
  EXPECT_EQ(hear(there, 100'000).size(), 100'000u);
  std::move(there).abort();

  const auto done = sent.get();
  EXPECT_THAT(done, FailsWith(errc::connection_reset));
  EXPECT_EQ(done.at, side::destination);
  EXPECT_LT(done.size, data.size());
  std::array<std::byte, 8> buffer;
  EXPECT_THAT(here.receive(buffer, soon()), FailsWith(errc::connection_reset)) << "and remembers";
}

TEST_P(SendFileEnd, ToAPeerThatIsGoneFailsAndRaisesNoSignal) {
  restore_signals();
  const readable file{as_bytes("0123456789")};
  std::move(there).abort();
  ASSERT_TRUE(is_reset(here));

  for (int i = 0; i < 3; ++i) {
    EXPECT_THAT(send_file(here, file.get(), {.offset = 0, .length = {}}),
                FailsWith(errc::connection_reset));
    EXPECT_THAT(send_file(here, file.get(), {.offset = 0, .length = {}}, soon()),
                FailsWith(errc::connection_reset));
  }
}

TEST_P(SendFileEnd, AfterOnesOwnShutdownBreaksThePipeAndRaisesNoSignal) {
  restore_signals();
  const readable file{as_bytes("0123456789")};
  ASSERT_THAT(here.shutdown(direction::send), Succeeds());

  EXPECT_THAT(send_file(here, file.get()), FailsWith(errc::broken_pipe));
  EXPECT_THAT(send_file(here, file.get(), {}, soon()), FailsWith(errc::broken_pipe));
}

TEST_P(SendFileEnd, FromAFileThatIsNotOpenIsTheSourcesTrouble) {
  const auto done = send_file(here, file_handle::invalid);

  EXPECT_THAT(done, FailsWith(errc::bad_handle));
  EXPECT_EQ(done.at, side::source);
}

TEST_P(SendFileEnd, FromAFileThatIsOpenForWritingIsTheSourcesTrouble) {
  const temporary_file named{as_bytes("x")};
  const auto file = must(unique_file::create(named.path()));
  named.append(as_bytes("0123456789"));

  const auto done = send_file(here, file.get(), {.offset = 0, .length = 5}, soon());

  EXPECT_NE(failure_of(done), std::nullopt);
  EXPECT_EQ(done.size, 0u);
  EXPECT_EQ(done.at, side::source);
}

TEST_P(SendFileEnd, FromAPipeSendsWhatComesUntilItIsClosed) {
  auto ends = open_pipe();
  const readable file{as_bytes("through a pipe")};
  auto sent = sending(ends.read.get(), {});

  auto other = connected(GetParam());
  ASSERT_THAT(send_file(other.here, file.get()), Succeeds());
  ASSERT_THAT(other.here.shutdown(direction::send), Succeeds());
  ASSERT_THAT(receive_file(other.there, ends.write.get()), Succeeds());
  ends.write.reset();

  EXPECT_EQ(as_text(hear_all(there)), "through a pipe");
  EXPECT_THAT(sent.get(), Succeeds());
}

TEST_P(SendFileEnd, FromAPipeKnowsNoOffsets) {
  const auto ends = open_pipe();

  const auto done = send_file(here, ends.read.get(), {.offset = 0, .length = 5}, soon());

  EXPECT_THAT(done, FailsWith(errc::not_supported));
  EXPECT_EQ(done.at, side::source);
}

TEST_P(SendFileEnd, FromAPipeThatStaysEmptyRunsOutOfTime) {
  const auto ends = open_pipe();

  const auto done = send_file(here, ends.read.get(), {}, shortly());

  EXPECT_THAT(done, FailsWith(errc::timed_out));
  EXPECT_EQ(done.at, side::source);
}

TEST_P(SendFileEnd, FromAFileThatTheSystemMakesUpSendsWhatReadingSays) {
  const auto file = unique_file::open("/proc/version");
  if (!file) GTEST_SKIP() << file.error().message();

  const auto got = arrives(file->get(), {});

  EXPECT_GT(got.size(), 0u);
  EXPECT_TRUE(as_text(got).ends_with('\n'));
}

TEST_P(SendFileEnd, FromADeviceSendsAsMuchAsIsAskedFor) {
  const auto file = unique_file::open("/dev/zero");
  if (!file) GTEST_SKIP() << file.error().message();

  EXPECT_EQ(arrives(file->get(), {.offset = {}, .length = 300'000}).size(), 300'000u);
}

TEST_P(SendFileEnd, IsNotEndedBySignals) {
  const auto data = pattern(20'000'000);
  const readable file{data};
  const signal_storm storm{1ms};
  auto got = in_background([&] { return hear_all(there); });

  EXPECT_EQ(send_file(here, file.get(), {.offset = 0, .length = {}}).size, data.size());
  EXPECT_EQ(send_file(here, file.get(), {.offset = 0, .length = {}}, soon()).size, data.size());
  ASSERT_THAT(here.shutdown(direction::send), Succeeds());

  EXPECT_EQ(got.get().size(), 2 * data.size());
}

}  // namespace
}  // namespace portsock::tests
