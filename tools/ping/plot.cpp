// SPDX-License-Identifier: MIT
#include <tools/ping/plot.hpp>

#include <algorithm>
#include <array>
#include <cmath>
#include <string_view>

#include <tools/common/json_line.hpp>
#include <tools/common/svg.hpp>
#include <tools/ping/words.hpp>

namespace portsock::tools {
namespace {

using latest = std::deque<std::optional<std::chrono::nanoseconds>>;

double milliseconds_in(std::chrono::nanoseconds time) {
  return std::chrono::duration<double, std::milli>{time}.count();
}

std::size_t columns_of(std::string_view text) {
  std::size_t count = 0;
  for (; !text.empty(); ++count)
    text.remove_prefix((std::max)(utf8_character(text), std::size_t{1}));
  return count;
}

/// The front of it, in so many columns; what would move the cursor is a question mark.
std::string fitted(std::string_view text, std::size_t columns) {
  std::string made;
  for (std::size_t used = 0; !text.empty() && used != columns; ++used) {
    const auto size = utf8_character(text);
    const bool shows = size > 1 || (size == 1 && text[0] >= ' ' && text[0] != '\x7f');
    made += shows ? text.substr(0, size) : "?";
    text.remove_prefix((std::max)(size, std::size_t{1}));
  }
  return made;
}

std::string left(std::string_view text, std::size_t width) {
  auto made = fitted(text, width);
  return made.append(width - columns_of(made), ' ');
}
std::string right(std::string_view text, std::size_t width) {
  const auto made = fitted(text, width);
  return std::string(width - columns_of(made), ' ') + made;
}

/// The newest `count` rounds.
std::vector<std::optional<std::chrono::nanoseconds>> newest(const latest& all, std::size_t count) {
  const auto skip = all.size() - (std::min)(all.size(), count);
  return {all.begin() + static_cast<std::ptrdiff_t>(skip), all.end()};
}

/// The end of the scale for these.
double top_of(std::span<const std::optional<std::chrono::nanoseconds>> rounds) {
  double most = 0;
  for (const auto& one : rounds)
    if (one) most = (std::max)(most, milliseconds_in(*one));
  return most;
}

/// Row `row` from below of `height` rows that are `top` milliseconds high together.
std::string time_line(std::span<const std::optional<std::chrono::nanoseconds>> rounds, double top,
                      std::size_t row, std::size_t height, bool unicode) {
  std::string made;
  for (const auto& one : rounds) {
    if (!one) {
      made += row == 0 ? block::lost(unicode) : " ";
      continue;
    }
    const double filled = milliseconds_in(*one) / top * static_cast<double>(height);
    // Whoever answered is seen, however soon it was.
    const double shown = row == 0 ? (std::max)(filled, 0.125) : filled;
    made += block::of(std::clamp(shown - static_cast<double>(row), 0.0, 1.0), unicode);
  }
  return made;
}

std::string losses(const statistics& numbers) {
  return with_decimals(numbers.loss(), numbers.loss() > 0 && numbers.loss() < 99.95 ? 1 : 0) + "%";
}

std::string times(const statistics& numbers, const histogram& spread) {
  const auto& all = numbers.round_trip;
  if (all.count() == 0) return "no answer";
  std::string text = "min/avg/max " + with_decimals(all.smallest(), 3) + '/' +
                     with_decimals(all.mean(), 3) + '/' + with_decimals(all.largest(), 3);
  text += "  p50/p90/p99 ";
  for (const double portion : {0.5, 0.9, 0.99})
    text += (portion > 0.5 ? "/" : "") + in_milliseconds(spread.quantile(portion));
  return text + " ms";
}

void add_one(std::vector<std::string>& lines, const track& one, std::size_t columns,
             std::size_t height, bool unicode) {
  constexpr std::size_t margin = 10;  // "  0.120 ms"
  if (columns <= margin + 3) return;
  const auto rounds = newest(one.latest, columns - margin - 2);
  const auto top = axis::from_zero(top_of(rounds), 0, 1).high();
  for (auto row = height; row-- != 0;) {
    std::string scale;
    if (row + 1 == height) scale = tick_text(top) + " ms";
    if (row == 0 && height > 1) scale = "0";
    lines.push_back(right(scale, margin) + (unicode ? " \xe2\x94\x82" : " |") +
                    time_line(rounds, top, row, height, unicode));
  }
}

void add_several(std::vector<std::string>& lines, std::span<const track> tracks, std::size_t hosts,
                 std::size_t columns, std::size_t rows, bool unicode) {
  const auto shown = (std::min)(tracks.size(), hosts > rows ? rows - 1 : rows);
  std::size_t widest = 0;
  for (const auto& one : tracks.first(shown)) widest = (std::max)(widest, columns_of(one.name));
  widest = (std::min)(widest, columns / 3);
  constexpr std::size_t behind = 17;  // " 12.3 ms  100%"
  const auto width = columns > widest + behind + 1 ? columns - widest - behind - 1 : 1;
  double most = 0;
  for (const auto& one : tracks.first(shown))
    most = (std::max)(most, top_of(newest(one.latest, width)));
  const auto top = axis::from_zero(most, 0, 1).high();
  for (const auto& one : tracks.first(shown)) {
    const auto rounds = newest(one.latest, width);
    const auto mean = one.numbers.round_trip.count() == 0
                          ? std::string{"-"}
                          : with_decimals(one.numbers.round_trip.mean(), 3) + " ms";
    auto line = time_line(rounds, top, 0, 1, unicode);
    line.append(width - rounds.size(), ' ');
    lines.push_back(left(one.name, widest) + ' ' + line + right(mean, 11) +
                    right(losses(one.numbers), 6));
  }
  if (shown < hosts) lines.push_back("and " + std::to_string(hosts - shown) + " more");
}

void add_histogram(std::vector<std::string>& lines, const histogram& spread, std::size_t columns,
                   std::size_t rows, bool unicode) {
  const auto bins = spread.bins(rows);
  std::uint64_t most = 0;
  for (const auto& one : bins) most = (std::max)(most, one.count);
  const auto digits = std::to_string(most).size();
  constexpr std::size_t margin = 19;  // "  0.041 – 0.043 ms "
  if (columns <= margin + digits + 2) return;
  const auto width = columns - margin - digits - 2;
  for (const auto& [from, to, count] : bins)
    lines.push_back(right(in_milliseconds(from) + (unicode ? " \xe2\x80\x93 " : " - ") +
                              in_milliseconds(to) + " ms",
                          margin) +
                    ' ' + right(std::to_string(count), digits) + (count == 0 ? "" : " ") +
                    bar(static_cast<double>(count) / static_cast<double>(most), width, unicode));
}

}  // namespace

std::string block::of(double filled, bool unicode) {
  constexpr std::string_view ascii = " _.-~=+*#";
  const auto level = static_cast<std::size_t>(std::lround(std::clamp(filled, 0.0, 1.0) * 8));
  if (level == 0 || !unicode) return std::string{ascii[level]};
  // U+2581 to U+2588.
  return {'\xe2', '\x96', static_cast<char>(0x80 + level)};
}

std::string bar(double filled, std::size_t width, bool unicode) {
  const auto eighths = static_cast<std::size_t>(
      std::lround(std::clamp(filled, 0.0, 1.0) * static_cast<double>(width) * 8));
  std::string made;
  for (std::size_t i = 0; i != eighths / 8; ++i) made += unicode ? "\xe2\x96\x88" : "#";
  // U+258F is one eighth from the left, U+2588 all of it.
  if (unicode && eighths % 8 != 0)
    made += {'\xe2', '\x96', static_cast<char>(0x90 - eighths % 8)};
  else if (!unicode && eighths % 8 >= 4)
    made += '#';
  if (made.empty() && filled > 0) made = unicode ? "\xe2\x96\x8f" : ".";
  return made;
}

std::vector<std::string> plotted(const recording& kept, const program::terminal& where) {
  const std::size_t columns = where.columns;
  const std::size_t rows = where.rows;
  std::vector<std::string> lines;
  const auto& numbers = kept.all();
  const bool alone = kept.hosts() == 1;
  const auto whom = alone ? kept.tracks()[0].name : std::to_string(kept.hosts()) + " hosts";
  lines.push_back(fitted(whom + ": " + std::to_string(numbers.received) + " of " +
                             std::to_string(numbers.sent) + " answered, " + losses(numbers) +
                             " lost",
                         columns));
  if (kept.hosts() != 0 && rows > 4) {
    lines.push_back("");
    // Header, times and the lines between them take five.
    const auto room = rows > 6 ? rows - 5 : 1;
    if (alone)
      add_one(lines, kept.tracks()[0], columns, std::clamp<std::size_t>(room / 2, 1, 8),
              where.has_unicode);
    else
      add_several(lines, kept.tracks(), kept.hosts(), columns,
                  (std::max)(room - (std::min)(room / 3, std::size_t{8}), std::size_t{1}),
                  where.has_unicode);
    const auto used = lines.size();
    if (rows > used + 4) {
      lines.push_back("");
      add_histogram(lines, kept.spread(), columns, (std::min)(rows - used - 3, std::size_t{12}),
                    where.has_unicode);
    }
    lines.push_back("");
  }
  if (rows > 1) lines.push_back(fitted(times(numbers, kept.spread()), columns));
  return lines;
}

}  // namespace portsock::tools
