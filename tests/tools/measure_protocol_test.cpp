// SPDX-License-Identifier: MIT
#include <gtest/gtest.h>

#include <vector>

#include <tools/measure/frames.hpp>

namespace portsock::tests {
namespace {

using namespace tools::measuring;

std::vector<std::byte> bytes_of(const auto& encoded) { return {encoded.begin(), encoded.end()}; }

TEST(MeasureProtocol, CarriesRequestsAndAnswers) {
  const request asked{.datagrams = true,
                      .joined = true,
                      .datagram_size = 1400,
                      .interval = 250,
                      .duration = 10'000,
                      .rate = 1'000'000'000'000,
                      .token = 0x0123456789abcdef};
  EXPECT_EQ(decode_request(encode(asked)), asked);
  const answer given{.what = verdict::busy, .port = 65'535};
  EXPECT_EQ(decode_answer(encode(given)), given);
}

TEST(MeasureProtocol, HasTheBytesThatItsPageTells) {
  const auto bytes =
      encode(request{.reverse = true, .interval = 1000, .token = 0x0102030405060708});
  const std::vector<std::byte> front{bytes.begin(), bytes.begin() + 12};
  const std::vector<std::byte> expected{std::byte{'s'}, std::byte{'o'}, std::byte{'c'},
                                        std::byte{'k'}, std::byte{'m'}, std::byte{'e'},
                                        std::byte{'a'}, std::byte{'s'}, std::byte{0},
                                        std::byte{1},   std::byte{2},   std::byte{0}};
  EXPECT_EQ(front, expected);
  EXPECT_EQ(bytes[18], std::byte{0x03});
  EXPECT_EQ(bytes[19], std::byte{0xe8});
  EXPECT_EQ(bytes[32], std::byte{1});
  EXPECT_EQ(bytes[39], std::byte{8});
}

TEST(MeasureProtocol, RefusesWhatIsNoGreeting) {
  auto bytes = bytes_of(encode(request{}));
  EXPECT_TRUE(decode_request(bytes));
  EXPECT_FALSE(decode_request(const_bytes{bytes}.first(39)));
  bytes[7] = std::byte{'S'};
  EXPECT_FALSE(decode_request(bytes));
  EXPECT_FALSE(may_begin(const_bytes{bytes}.first(8)));
  EXPECT_TRUE(may_begin(const_bytes{bytes}.first(7)));
  auto given = bytes_of(encode(answer{}));
  given[10] = std::byte{0};
  EXPECT_FALSE(decode_answer(given));
  given[10] = std::byte{5};
  EXPECT_FALSE(decode_answer(given));
}

TEST(MeasureProtocol, KnowsRequestsThatNobodyCanFulfil) {
  EXPECT_TRUE(is_sound({.datagrams = true, .datagram_size = 24}));
  EXPECT_FALSE(is_sound({.datagrams = true, .datagram_size = 23}));
  EXPECT_FALSE(is_sound({.datagrams = true, .datagram_size = 65'508}));
  EXPECT_TRUE(is_sound({.datagrams = true, .reverse = true, .datagram_size = 100}));
  EXPECT_FALSE(is_sound({.interval = 0}));
  EXPECT_TRUE(is_sound({.reverse = true}));
}

TEST(MeasureProtocol, ReadsWhatStandsInFrontOfADatagram) {
  std::array<std::byte, probe_size + 1> datagram{};
  const probe stamped{.token = 1, .number = knock_number, .sent = 0x0102030405060708};
  stamp(datagram, stamped);
  EXPECT_EQ(decode_probe(datagram), stamped);
  EXPECT_EQ(datagram[7], std::byte{1});
  EXPECT_EQ(datagram[23], std::byte{8});
  EXPECT_FALSE(decode_probe(const_bytes{datagram}.first(probe_size - 1)));
}

TEST(MeasureProtocol, TellsWhatIsNotKnownFromZero) {
  const report told{.elapsed = 5, .bytes = 6, .retransmitted = 0, .window = 7};
  const auto again = decode_report(encode(told));
  EXPECT_EQ(again, told);
  EXPECT_EQ(again->retransmitted, 0u);
  EXPECT_FALSE(again->round_trip);
}

/// A stream of data, a report, no data at all, and an end.
std::vector<std::byte> some_frames() {
  std::vector<std::byte> all;
  const auto add = [&all](const auto& part) { all.insert(all.end(), part.begin(), part.end()); };
  add(header_of(frame::data, 5));
  add(std::vector<std::byte>(5, std::byte{2}));
  add(encode(frame::report, {.bytes = 5}));
  add(header_of(frame::data, 0));
  add(encode(frame::end, {.bytes = 6}));
  return all;
}

TEST(MeasureFrames, AreTheSameHoweverTheyWereCut) {
  const auto all = some_frames();
  for (std::size_t size = 1; size <= all.size(); ++size) {
    frame_reader reader;
    std::vector<std::pair<frame, std::uint64_t>> heard;
    for (std::size_t at = 0; at < all.size(); at += size)
      ASSERT_TRUE(reader.feed(
          const_bytes{all}.subspan(at, (std::min)(size, all.size() - at)),
          [&](frame kind, const report& told) { heard.emplace_back(kind, told.bytes); }));
    EXPECT_EQ(reader.data(), 5u);
    EXPECT_EQ(heard,
              (std::vector<std::pair<frame, std::uint64_t>>{{frame::report, 5}, {frame::end, 6}}));
  }
}

TEST(MeasureFrames, EndWhereAPeerSpeaksOtherwise) {
  const auto ignore = [](frame, const report&) {};
  for (const auto& [at, value] : {std::pair{0, 0}, {0, 5}, {1, 1}, {4, 1}, {7, 89}}) {
    auto bytes = bytes_of(encode(frame::report, {}));
    bytes[static_cast<std::size_t>(at)] = static_cast<std::byte>(value);
    EXPECT_FALSE(frame_reader{}.feed(bytes, ignore)) << at << ' ' << value;
  }
}

}  // namespace
}  // namespace portsock::tests
