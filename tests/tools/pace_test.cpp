// SPDX-License-Identifier: MIT
#include <gtest/gtest.h>

#include <tools/send/pace.hpp>
#include <tools/send/progress.hpp>
#include <tools/send/sources.hpp>

namespace portsock::tests {
namespace {

using namespace std::chrono_literals;
using tools::pace;
using tools::progress_line;

constexpr pace::clock::time_point start{1h};

TEST(Pace, WithoutARateIsNoHindrance) {
  pace free{0, 0ms, 0ms, start};
  EXPECT_EQ(free.most(1'000'000), 1'000'000u);
  free.spend(1'000'000, start);
  free.end_piece(start);
  EXPECT_EQ(free.next_piece(), start);
}

TEST(Pace, SpreadsUnitsEvenly) {
  pace slow{1000, 0ms, 0ms, start};
  auto now = start;
  std::uint64_t sent = 0;
  while (sent < 1000) {
    now = std::max(now, slow.next_unit());
    const auto size = slow.most(1000 - sent);
    EXPECT_LE(size, 20u);
    slow.spend(size, now);
    sent += size;
  }
  // The first units go at once, and may be made up for.
  EXPECT_GE(now - start, 900ms);
  EXPECT_LE(now - start, 1s);
}

TEST(Pace, SendsOneUnitAtATimeWhenTheRateIsLow) {
  pace slow{2, 0ms, 0ms, start};
  EXPECT_EQ(slow.most(10), 1u);
  slow.spend(1, start);
  EXPECT_GE(slow.next_unit(), start + 480ms);
}

TEST(Pace, DoesNotMakeUpForALongSilence) {
  pace slow{1000, 0ms, 0ms, start};
  slow.spend(1, start);
  slow.spend(20, start + 1min);
  EXPECT_GE(slow.next_unit(), start + 1min);
}

TEST(Pace, WaitsBeforeTheFirstPieceAndBetweenTwo) {
  pace calm{0, 2s, 5s, start};
  EXPECT_EQ(calm.next_piece(), start + 5s);
  calm.end_piece(start + 5s);
  EXPECT_EQ(calm.next_piece(), start + 7s);
  EXPECT_EQ(calm.next_unit(), start + 5s);
}

TEST(Progress, TellsShareAmountRateAndTheTimeThatIsLeft) {
  EXPECT_EQ(progress_line::text(50'000'000, 100'000'000, 5s),
            "[===============>              ]  50 %  50.0 MB  10.0 MB/s  0:05 left");
  EXPECT_EQ(progress_line::text(100, 100, 10s),
            "[==============================] 100 %  100 B  10 B/s  0:10");
  EXPECT_EQ(progress_line::text(0, 100, 0s),
            "[>                             ]   0 %  0 B  0 B/s  0:00");
}

TEST(Progress, OfAnUnknownWholeTellsWhatThereIs) {
  EXPECT_EQ(progress_line::text(1'500'000, std::nullopt, 75s), "1.50 MB  20.0 kB/s  1:15");
}

TEST(Hexadecimal, IsPairsOfDigitsWithAnythingUsualBetween) {
  EXPECT_EQ(tools::from_hexadecimal("48 65:6c-6c,6F\n"), "Hello");
  EXPECT_EQ(tools::from_hexadecimal(""), "");
  for (const auto* wrong : {"4", "4 8", "0x48", "zz"})
    EXPECT_EQ(tools::from_hexadecimal(wrong), std::nullopt) << wrong;
}

TEST(Source, OfZerosAndOfNoiseHasItsSize) {
  for (const std::uint64_t size : {0u, 1u, 262'143u, 262'145u, 1'000'000u}) {
    for (const auto& made : {tools::zeros(size), tools::noise(size)}) {
      std::string all(2'000'000, 'x');
      made->read(all.data(), static_cast<std::streamsize>(all.size()));
      EXPECT_EQ(static_cast<std::uint64_t>(made->gcount()), size);
    }
  }
}

}  // namespace
}  // namespace portsock::tests
