// SPDX-License-Identifier: MIT
#include <gtest/gtest.h>

#include <portsock/stream_statistics.hpp>
#include <tests/support/local.hpp>
#include <tests/support/on_each_family.hpp>
#include <tests/support/sockets.hpp>
#include <tests/support/system.hpp>

namespace portsock::tests {
namespace {

class StreamStatistics : public OnEachFamily {
 protected:
  connected_pair pair = connected(GetParam());
};
ON_EACH_FAMILY(StreamStatistics);

TEST_P(StreamStatistics, AreToldWhereTheSystemHasThem) {
  const auto told = statistics_of(pair.here);
  EXPECT_EQ(told.has_value(), system().tells_stream_statistics);
  EXPECT_TRUE(told || told.error() == errc::not_supported);
}

TEST_P(StreamStatistics, CountWhatWasSentAndReceived) {
  const auto data = pattern(100'000);
  const auto sending = in_background([&] {
    EXPECT_THAT(pair.here.send_all(data, soon()), Succeeds());
    must(pair.here.shutdown(direction::send));
  });
  EXPECT_EQ(hear_all(pair.there).size(), data.size());
  sending.wait();
  say(pair.there, "ok");
  EXPECT_EQ(hear(pair.here, 2), "ok");  // with what acknowledges the data

  const auto sender = statistics_of(pair.here);
  const auto receiver = statistics_of(pair.there);
  ASSERT_EQ(sender.has_value(), system().tells_stream_statistics);
  if (!sender || !receiver) return;
  EXPECT_GT(sender->congestion_window, 0u);
  EXPECT_GT(sender->segment_size, 0u);
  EXPECT_GT(sender->round_trip.count(), 0);
  // What this system does not tell is taken for what was sent.
  EXPECT_GE(sender->bytes_sent.value_or(data.size()), data.size());
  EXPECT_GE(receiver->bytes_received.value_or(data.size()), data.size());
  EXPECT_GE(sender->bytes_sent.value_or(UINT64_MAX), sender->retransmitted_bytes.value_or(0));
}

class LocalStreamStatistics : public WithLocalSockets {};

TEST_F(LocalStreamStatistics, AreNotThere) {
  auto listener = must(local_listener::listen(where));
  const auto pair = connect_to(listener, where);

  EXPECT_EQ(statistics_of(pair.here).error(), errc::not_supported);
}

}  // namespace
}  // namespace portsock::tests
