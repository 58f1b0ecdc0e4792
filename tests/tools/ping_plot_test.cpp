// SPDX-License-Identifier: MIT
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <sstream>

#include <tools/ping/pictures.hpp>
#include <tools/ping/plot.hpp>

namespace portsock::tools {
namespace {

using namespace literals;
using namespace std::chrono_literals;
using testing::AllOf;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::Not;
using testing::StartsWith;
using kind = ping::event::what;

const subject host{"example", "192.0.2.1"_ip};

/// One round a second: those times, or a loss where it is nothing.
recording of(std::initializer_list<std::optional<std::chrono::nanoseconds>> rounds) {
  recording kept;
  std::uint64_t number = 0;
  for (const auto& one : rounds) {
    ping::event what{
        .kind = one ? kind::reply : kind::lost, .number = ++number, .ends_round = true};
    what.at = ping::time_point{} + std::chrono::seconds{number} + one.value_or(0ns);
    what.round_trip = one.value_or(0ns);
    kept.add(host, what);
  }
  return kept;
}

TEST(PingCourse, GivesEachRoundAPlaceWhileThereIsRoom) {
  course all{4};
  all.add(1s, 10ms);
  all.add(2s, std::nullopt);

  ASSERT_EQ(all.places().size(), 2u);
  EXPECT_EQ(all.places()[0].answered, 1u);
  EXPECT_DOUBLE_EQ(all.places()[0].round_trip.mean(), 10);
  EXPECT_EQ(all.places()[1].lost, 1u);
  EXPECT_EQ(all.places()[1].begin, 2s);
}

TEST(PingCourse, JoinsNeighboursWhenThereIsNone) {
  course all{4};
  for (int i = 1; i <= 9; ++i)
    all.add(std::chrono::seconds{i}, i == 3 ? std::nullopt : std::optional{i * 1ms});

  ASSERT_EQ(all.places().size(), 3u);
  EXPECT_EQ(all.places()[0].begin, 1s);
  EXPECT_EQ(all.places()[0].answered, 3u);
  EXPECT_EQ(all.places()[0].lost, 1u);
  EXPECT_DOUBLE_EQ(all.places()[0].round_trip.smallest(), 1);
  EXPECT_DOUBLE_EQ(all.places()[0].round_trip.largest(), 4);
  EXPECT_DOUBLE_EQ(all.places()[0].round_trip.mean(), 7.0 / 3);
  EXPECT_EQ(all.places()[2].begin, 9s);
}

TEST(PingMoments, AreTheSameWhenTheyAreJoined) {
  moments all;
  moments left;
  moments right;
  for (const double value : {1.0, 5.0, 2.5, 9.0, -3.0}) {
    all.add(value);
    (value > 2 ? left : right).add(value);
  }
  left.add(right);
  left.add(moments{});

  EXPECT_EQ(left.count(), all.count());
  EXPECT_DOUBLE_EQ(left.mean(), all.mean());
  EXPECT_DOUBLE_EQ(left.deviation(), all.deviation());
  EXPECT_EQ(left.smallest(), -3);
  EXPECT_EQ(left.largest(), 9);
}

TEST(PingHistogram, HasEverythingInItsBins) {
  histogram spread;
  EXPECT_TRUE(spread.bins(8).empty());
  for (int i = 1; i <= 1000; ++i) spread.add(i * 1us);
  for (const std::size_t most : {1u, 7u, 40u}) {
    const auto bins = spread.bins(most);
    ASSERT_FALSE(bins.empty());
    EXPECT_LE(bins.size(), most);
    std::uint64_t count = 0;
    for (std::size_t i = 0; i != bins.size(); ++i) {
      count += bins[i].count;
      if (i != 0) {
        EXPECT_EQ(bins[i].from, bins[i - 1].to);
      }
    }
    EXPECT_EQ(count, 1000u);
    EXPECT_LE(bins.front().from, 1us);
    EXPECT_GT(bins.back().to, 1000us);
  }
}

TEST(PingPlot, DrawsOneHostInBlocks) {
  const auto lines = plotted(of({1ms, 4ms, std::nullopt, 2ms}), {60, 12, true});
  std::string full;
  for (int i = 0; i != 38; ++i) full += "\xe2\x96\x88";
  EXPECT_THAT(
      lines,
      ElementsAre(
          "example: 3 of 4 answered, 25.0% lost", "", "      4 ms \xe2\x94\x82 \xe2\x96\x88  ",
          "           \xe2\x94\x82 \xe2\x96\x88 \xe2\x96\x84",
          "         0 \xe2\x94\x82\xe2\x96\x86\xe2\x96\x88\xc3\x97\xe2\x96\x88", "",
          "    0.983 \xe2\x80\x93 1.51 ms 1 " + full, "     1.51 \xe2\x80\x93 2.10 ms 1 " + full,
          "     2.10 \xe2\x80\x93 3.28 ms 0", "     3.28 \xe2\x80\x93 4.72 ms 1 " + full, "",
          "min/avg/max 1.000/2.333/4.000  p50/p90/p99 2.00/4.00/4.00 ms"));
}

TEST(PingPlot, DrawsInAsciiWhereThereAreNoBlocks) {
  const auto lines = plotted(of({1ms, 4ms, std::nullopt, 2ms}), {60, 9, false});
  ASSERT_GE(lines.size(), 4u);
  EXPECT_EQ(lines[2], "      4 ms | #  ");
  EXPECT_EQ(lines[3], "         0 |~#x#");
  for (const auto& line : lines)
    EXPECT_TRUE(std::ranges::all_of(line, [](char c) { return c >= ' ' && c <= '~'; })) << line;
}

TEST(PingPlot, DrawsALineForEachOfSeveralHosts) {
  recording kept;
  for (const std::uint32_t id : {0u, 1u})
    for (std::uint64_t number = 1; number <= 3; ++number) {
      ping::event what{.kind = id == 1 && number == 2 ? kind::lost : kind::reply,
                       .host = ping::host_id{id},
                       .number = number,
                       .ends_round = true};
      what.at = ping::time_point{} + std::chrono::seconds{number};
      if (what.kind == kind::reply) what.round_trip = std::chrono::milliseconds{1 + id};
      kept.add({id == 0 ? "one" : "another", "192.0.2.1"_ip}, what);
    }
  const auto lines = plotted(kept, {48, 10, false});
  ASSERT_GE(lines.size(), 4u);
  EXPECT_EQ(lines[0], "2 hosts: 5 of 6 answered, 16.7% lost");
  EXPECT_EQ(lines[2], "one     ~~~                       1.000 ms    0%");
  EXPECT_EQ(lines[3], "another #x#                       2.000 ms 33.3%");
}

TEST(PingPlot, FitsATerminalOfAnySize) {
  auto kept = of({1ms, 400ms, std::nullopt, 2us, 0ns});
  for (unsigned columns = 1; columns != 130; columns += 3)
    for (unsigned rows = 1; rows != 50; ++rows) {
      const auto lines = plotted(kept, {columns, rows, false});
      ASSERT_LE(lines.size(), rows);
      for (const auto& line : lines) ASSERT_LE(line.size(), columns) << columns << ' ' << line;
    }
}

TEST(PingPlot, ShowsControlCharactersOfANameAsQuestionMarks) {
  recording kept;
  kept.add({"a\x1b[2Jb\xff", "192.0.2.1"_ip},
           {.kind = kind::reply, .number = 1, .ends_round = true});
  EXPECT_THAT(plotted(kept, {60, 12, true})[0], StartsWith("a?[2Jb?: 1 of 1 answered"));
}

TEST(PingPlot, SaysSoWhenNobodyAnswered) {
  const auto lines = plotted(of({std::nullopt, std::nullopt}), {60, 12, true});
  EXPECT_EQ(lines.front(), "example: 0 of 2 answered, 100% lost");
  EXPECT_EQ(lines.back(), "no answer");
  EXPECT_EQ(plotted(recording{}, {60, 12, true}).size(), 2u);
}

TEST(PingPlot, DrawsBarsInEighths) {
  EXPECT_EQ(bar(1, 3, false), "###");
  EXPECT_EQ(bar(0.5, 3, false), "##");
  EXPECT_EQ(bar(0.001, 3, false), ".");
  EXPECT_EQ(bar(0, 3, true), "");
  EXPECT_EQ(bar(0.125, 1, true), "\xe2\x96\x8f");
  EXPECT_EQ(bar(0.875, 1, true), "\xe2\x96\x89");
  EXPECT_EQ(bar(1, 1, true), "\xe2\x96\x88");
}

/// What is written to a screen of this size, or to none.
std::string shown(std::optional<program::terminal> screen) {
  const ping_options options{.hosts = {"example"}, .plot = true};
  std::ostringstream output;
  std::ostringstream log;
  const auto told = make_plot(make_report(options, output, log), output, [&] { return screen; });
  told->opening(host, 56, icmp_access::raw);
  ping::event what{.kind = kind::reply, .number = 1, .ends_round = true, .size = 64};
  what.at = ping::time_point{} + 1h;
  told->happened(host, what);
  EXPECT_EQ(told->due() != (ping::time_point::max)(), screen.has_value());
  told->tick(what.at + 1s);
  statistics numbers{.sent = 1, .received = 1};
  const histogram none;
  told->of_host(host, {numbers, &none});
  told->of_run({numbers, none, 1, 1});
  return output.str();
}

TEST(PingPlotReport, LeavesTheScreenAsItWas) {
  const auto text = shown(program::terminal{80, 24, true});
  EXPECT_THAT(text, StartsWith("\x1b[?1049h\x1b[?25l\x1b[?7l"));
  const auto end = text.find("\x1b[?7h\x1b[?25h\x1b[?1049l");
  ASSERT_NE(end, text.npos);
  EXPECT_THAT(text.substr(0, end), Not(HasSubstr("bytes from")));
  EXPECT_THAT(text.substr(end), HasSubstr("--- example ping statistics ---"));
  EXPECT_THAT(text.substr(end), HasSubstr("example: 1 of 1 answered, 0% lost\n"));
}

TEST(PingPlotReport, IsPlainTextWhereThereIsNoTerminal) {
  const auto text = shown(std::nullopt);
  EXPECT_THAT(text,
              AllOf(StartsWith("PING example"), HasSubstr("bytes from"),
                    HasSubstr("\nexample: 1 of 1 answered, 0% lost\n"), Not(HasSubstr("\x1b"))));
}

TEST(PingPicture, EscapesNames) {
  recording kept;
  kept.add({"<b>&", "192.0.2.1"_ip}, {.kind = kind::reply, .number = 1, .ends_round = true});
  const auto drawn = pictured(kept);
  EXPECT_THAT(drawn, HasSubstr("Ping of &lt;b&gt;&amp;"));
  EXPECT_THAT(drawn, Not(HasSubstr("<b>")));
}

TEST(PingPicture, MarksEachLoss) {
  const auto drawn = pictured(of({1ms, std::nullopt, 2ms}));
  EXPECT_THAT(drawn, HasSubstr("class=\"bar bad\""));
  EXPECT_THAT(drawn, HasSubstr("<title>1 lost at 1.00 s</title>"));
  EXPECT_THAT(drawn, HasSubstr("3 requests, 2 answered, 33.3% lost"));
  EXPECT_THAT(pictured(of({1ms, 2ms})), Not(HasSubstr("class=\"bar bad\"")));
}

TEST(PingPicture, OfNothingIsAPictureToo) {
  EXPECT_THAT(pictured(recording{}), HasSubstr("no reply"));
  EXPECT_THAT(pictured(of({std::nullopt})), HasSubstr("no reply"));
}

}  // namespace
}  // namespace portsock::tools
