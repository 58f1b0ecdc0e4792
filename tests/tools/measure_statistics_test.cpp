// SPDX-License-Identifier: MIT
#include <gmock/gmock.h>

#include <cmath>

#include <tools/measure/arrivals.hpp>
#include <tools/measure/board.hpp>
#include <tools/measure/telling.hpp>

namespace portsock::tests {
namespace {

using namespace tools::measuring;
using testing::HasSubstr;

/// Datagrams with these numbers, all as long on their way.
arrivals after(std::initializer_list<std::uint64_t> numbers) {
  arrivals seen;
  for (const auto number : numbers) seen.heard(number, 1000 * number, 1000 * number + 77);
  return seen;
}

TEST(Arrivals, InOrderAreNeitherLostNorReordered) {
  EXPECT_EQ(after({0, 1, 2, 3}).told(), (report{.datagrams = 4}));
}

TEST(Arrivals, AreLostWhenOthersCameAndTheyDidNot) {
  EXPECT_EQ(after({0, 3}).told().lost, 2u);
  EXPECT_EQ(after({0, 3}).told(10).lost, 8u);
  EXPECT_EQ(after({}).told(10).lost, 10u);
}

TEST(Arrivals, ThatComeLateAreReorderedAndNotLost) {
  const auto told = after({0, 2, 3, 1}).told();
  EXPECT_EQ(told.lost, 0u);
  EXPECT_EQ(told.reordered, 1u);
}

TEST(Arrivals, ThatComeTwiceCountOnce) {
  const auto told = after({0, 1, 1, 3, 2, 2, 0}).told();
  EXPECT_EQ(told.datagrams, 4u);
  EXPECT_EQ(told.duplicates, 3u);
  EXPECT_EQ(told.reordered, 1u);
  EXPECT_EQ(told.lost, 0u);
}

TEST(Arrivals, ForgetWhatLiesFarBack) {
  // The slot of 0 is that of 4096 too, which was skipped.
  const auto told = after({0, 5000, 4096, 4096, 1}).told();
  EXPECT_EQ(told.datagrams, 4u);
  EXPECT_EQ(told.duplicates, 1u);
  EXPECT_EQ(told.reordered, 2u);
}

TEST(Arrivals, OfAHostilePeerDoNoHarm) {
  arrivals seen;
  for (const auto number : {std::uint64_t{0}, UINT64_MAX - 1, std::uint64_t{7}, UINT64_MAX})
    seen.heard(number, number, ~number);
  EXPECT_EQ(seen.count(), 4u);
  EXPECT_TRUE(std::isfinite(static_cast<double>(seen.told().jitter)));
}

TEST(Arrivals, HaveTheJitterOfRfc3550) {
  arrivals seen;
  seen.heard(0, 0, 1000);
  seen.heard(1, 1000, 2160);  // 160 longer on its way
  EXPECT_EQ(seen.told().jitter, 10u);
  seen.heard(2, 2000, 3000);           // 160 shorter
  EXPECT_EQ(seen.told().jitter, 19u);  // 10 + (160 - 10) / 16
}

TEST(Arrivals, TakeClocksThatDoNotAgree) {
  arrivals seen;
  seen.heard(0, 1'000'000, 5);
  seen.heard(1, 1'000'100, 105);
  EXPECT_EQ(seen.told().jitter, 0u);
}

TEST(MeasureBoard, AddsUpWhatStreamsPostForTheSameInterval) {
  board reports{2};
  reports.post(0, {.elapsed = 10, .bytes = 100, .round_trip = 4});
  reports.post(0, {.elapsed = 20, .bytes = 200, .round_trip = 4});
  reports.post(1, {.elapsed = 11, .bytes = 1, .retransmitted = 3, .round_trip = 8});
  reports.end(1, report{.elapsed = 15, .bytes = 2, .retransmitted = 3, .round_trip = 8});
  reports.end(0, report{.elapsed = 30, .bytes = 300, .round_trip = 4});

  EXPECT_EQ(reports.next(),
            (report{.elapsed = 11, .bytes = 101, .retransmitted = 3, .round_trip = 6}));
  EXPECT_EQ(reports.next()->bytes, 202u);
  EXPECT_EQ(reports.next()->bytes, 302u);
  EXPECT_EQ(reports.next(), std::nullopt);
  EXPECT_EQ(reports.total().bytes, 302u);
  EXPECT_EQ(reports.trouble(), std::nullopt);
}

TEST(MeasureBoard, TellsWhyAStreamEnded) {
  board reports{1};
  reports.end(0, fail(errc::connection_reset));
  EXPECT_EQ(reports.next(), std::nullopt);
  EXPECT_EQ(reports.trouble(), errc::connection_reset);
}

TEST(MeasureText, TellsARateInThreeDigits) {
  EXPECT_EQ(bit_rate(0), "0 bit/s");
  EXPECT_EQ(bit_rate(999), "999 bit/s");
  EXPECT_EQ(bit_rate(1000), "1.00 kbit/s");
  EXPECT_EQ(bit_rate(12'345'678), "12.3 Mbit/s");
  EXPECT_EQ(bit_rate(999'960'000), "1.00 Gbit/s");
}

TEST(MeasureText, IsExact) {
  const report first{.elapsed = 1'000'000'000,
                     .bytes = 1'000'000,
                     .retransmitted = 1,
                     .round_trip = 1'500'000,
                     .variation = 20'000,
                     .window = 64'000};
  const report second{.elapsed = 2'000'000'000,
                      .bytes = 3'500'000,
                      .retransmitted = 3,
                      .round_trip = 2'000'000,
                      .variation = 30'000,
                      .window = 70'000};
  EXPECT_EQ(
      interval_text(between(first, second), false),
      "   1.0–2.0 s    2.50 MB  20.0 Mbit/s  retransmitted 2, round trip 2.000 ms ± 0.030 ms, "
      "window 70.0 kB");
  const report heard{
      .elapsed = 2'000'000'000, .bytes = 6400, .datagrams = 99, .lost = 1, .jitter = 12'000};
  EXPECT_EQ(summary_text(between({}, heard), {.datagrams = true, .datagram_size = 64}, 100),
            "received 6.40 kB in 2.00 s: 25.6 kbit/s\n"
            "99 of 100 datagrams of 64 bytes, 50 per second\n"
            "lost 1 (1.00 %), reordered 0, duplicates 0, jitter 0.012 ms");
  const report short_of_room{
      .elapsed = 2'000'000'000, .bytes = 64, .datagrams = 1, .lost = 46, .discarded = 1};
  EXPECT_EQ(
      summary_text(between({}, short_of_room), {.datagrams = true, .datagram_size = 64}, 47),
      "received 64 B in 2.00 s: 256 bit/s\n"
      "1 of 47 datagrams of 64 bytes, 0 per second\n"
      "lost 46 (97.87 %), reordered 0, duplicates 0, jitter 0.000 ms, no room for 1 packet at "
      "the receiver");
  EXPECT_EQ(interval_text(between({}, {}), false), "   0.0–0.0 s        0 B      0 bit/s");
}

TEST(MeasureText, DoesNotGoBackWhenAPeerDoes) {
  const auto one = between({.elapsed = 5, .bytes = 10, .lost = 4}, {.elapsed = 3, .bytes = 7});
  EXPECT_EQ(one.part.bytes, 0u);
  EXPECT_EQ(one.part.lost, 0u);
  EXPECT_EQ(one.seconds(), 0);
  EXPECT_EQ(one.rate(), 0);
}

TEST(MeasurePlot, HasALineForTheRateAndOneForWhatWentWrong) {
  const report first{.elapsed = 1'000'000'000, .bytes = 125'000, .datagrams = 9, .lost = 1};
  const report second{.elapsed = 2'000'000'000, .bytes = 375'000, .datagrams = 19, .lost = 1};
  const auto drawn = plot({between({}, first), between(first, second)}, true, "a<b over UDP");
  EXPECT_THAT(drawn, HasSubstr("a&lt;b over UDP"));
  EXPECT_THAT(drawn, HasSubstr("received, in Mbit/s"));
  // 1 and 2 Mbit/s in a panel that ends at 2, after one and two seconds of two.
  EXPECT_THAT(drawn, HasSubstr("points=\"410,140 750,60\""));
  // 10 percent of 10, then none.
  EXPECT_THAT(drawn, HasSubstr("points=\"410,270 750,430\""));
}

TEST(MeasurePlot, IsAPictureOfNothingToo) {
  EXPECT_TRUE(plot({}, false, "").ends_with("</svg>\n"));
}

}  // namespace
}  // namespace portsock::tests
