// SPDX-License-Identifier: MIT
#include <algorithm>
#include <cmath>
#include <utility>

#include <tools/common/svg.hpp>
#include <tools/ping/pictures.hpp>
#include <tools/ping/words.hpp>

namespace portsock::tools {
namespace {

constexpr double width = 960;
constexpr double left = 72;
constexpr double right = width - 24;
constexpr double height_of_bars = 150;
/// More would be a list and no picture.
constexpr std::size_t most_lines = 32;

struct layout {
  std::size_t lines;  // of which each is a host's time line
  double height;      // of a time line
  double apart;       // of two
  double top = 84;    // of the first
  double end_of_lines() const {
    return top + static_cast<double>(lines) * (height + apart) - apart;
  }
  double top_of_bars() const { return end_of_lines() + 84; }
  double end() const { return top_of_bars() + height_of_bars + 56; }
};

double seconds_in(std::chrono::nanoseconds time) {
  return std::chrono::duration<double>{time}.count();
}
double milliseconds_in(std::chrono::nanoseconds time) { return seconds_in(time) * 1e3; }

std::string counts_of(const statistics& numbers) {
  return std::to_string(numbers.sent) + " requests, " + std::to_string(numbers.received) +
         " answered, " + with_decimals(numbers.loss(), 1) + "% lost";
}
std::string times_of(const statistics& numbers, const histogram& spread) {
  const auto& times = numbers.round_trip;
  if (times.count() == 0) return "no times";
  return "min " + with_decimals(times.smallest(), 3) + ", mean " + with_decimals(times.mean(), 3) +
         ", max " + with_decimals(times.largest(), 3) + ", p50 " +
         in_milliseconds(spread.quantile(0.5)) + ", p90 " + in_milliseconds(spread.quantile(0.9)) +
         ", p99 " + in_milliseconds(spread.quantile(0.99)) + " ms";
}

/// Where so many answers come in between two losses: one piece of the line, and of the band
/// between the shortest and the longest time.
void draw_piece(svg& to, std::span<const course::place> piece, const axis& across, const axis& up) {
  std::vector<point> line;
  std::vector<point> band;
  for (const auto& one : piece)
    line.push_back({across.at(seconds_in(one.begin)), up.at(one.round_trip.mean())});
  for (const auto& one : piece)
    band.push_back({across.at(seconds_in(one.begin)), up.at(one.round_trip.largest())});
  for (auto one = piece.rbegin(); one != piece.rend(); ++one)
    band.push_back({across.at(seconds_in(one->begin)), up.at(one->round_trip.smallest())});
  if (std::ranges::any_of(piece, [](const auto& one) { return one.round_trip.count() > 1; }))
    to.polygon(band, "area first");
  // A line of one point is not to be seen.
  if (line.size() == 1) line.push_back({line[0].x + 1, line[0].y});
  to.polyline(line, "line first");
}

void draw_line(svg& to, const track& one, const axis& across, const axis& up, double top,
               double height, unsigned ticks) {
  for (const double value : up.ticks(ticks)) {
    to.line({left, up.at(value)}, {right, up.at(value)}, "grid");
    to.text({left - 8, up.at(value) + 4}, tick_text(value), "faint", svg::anchor::end);
  }
  const auto places = one.whole.places();
  for (std::size_t i = 0; i != places.size(); ++i) {
    const auto& place = places[i];
    if (place.lost == 0) continue;
    // As far as the next place, so that losses in a row are one mark.
    const double x = across.at(seconds_in(place.begin));
    const double next = i + 1 == places.size() ? x : across.at(seconds_in(places[i + 1].begin));
    const auto all = static_cast<double>(place.lost + place.answered);
    const double part = static_cast<double>(place.lost) / all;
    const double wide = std::clamp(next - x, 2.0, (right - left) / 20);
    to.rectangle({(std::min)(x, right - wide), top + height * (1 - part)}, wide, height * part,
                 "bar bad")
        .note(std::to_string(place.lost) + " lost at " + with_decimals(seconds_in(place.begin), 2) +
              " s");
  }
  for (std::size_t i = 0; i != places.size();) {
    auto end = i;
    while (end != places.size() && places[end].answered != 0) ++end;
    if (end != i) draw_piece(to, places.subspan(i, end - i), across, up);
    i = end == i ? i + 1 : end;
  }
  to.rectangle({left, top}, right - left, height, "frame");
}

void draw_lines(svg& to, const recording& kept, const layout& where) {
  const axis across{0, seconds_in(kept.elapsed()), left, right};
  double most = 0;
  for (const auto& one : kept.tracks().first(where.lines))
    most = (std::max)(most, one.numbers.round_trip.largest());
  for (std::size_t i = 0; i != where.lines; ++i) {
    const auto& one = kept.tracks()[i];
    const double top = where.top + static_cast<double>(i) * (where.height + where.apart);
    const auto up = axis::from_zero(most, top + where.height, top);
    if (where.lines > 1) {
      to.text({left, top - 6}, one.name, "label");
      to.text({right, top - 6}, counts_of(one.numbers) + "; " + times_of(one.numbers, one.spread),
              "faint", svg::anchor::end);
    }
    draw_line(to, one, across, up, top, where.height, where.lines > 1 ? 2 : 5);
  }
  const double bottom = where.end_of_lines();
  for (const double value : across.ticks(8)) {
    to.line({across.at(value), bottom}, {across.at(value), bottom + 4}, "frame");
    to.text({across.at(value), bottom + 18}, tick_text(value), "faint", svg::anchor::middle);
  }
  to.text({(left + right) / 2, bottom + 36},
          where.lines > 1 ? "seconds since the first request; heights are milliseconds"
                          : "seconds since the first request",
          "label", svg::anchor::middle);
}

void draw_bars(svg& to, const recording& kept, const layout& where) {
  const auto bins = kept.spread().bins(64);
  const double top = where.top_of_bars();
  const double bottom = top + height_of_bars;
  to.text({left, top - 14}, "Round-trip times", "label");
  to.rectangle({left, top}, right - left, height_of_bars, "frame");
  if (bins.empty()) {
    to.text({(left + right) / 2, (top + bottom) / 2}, "no reply", "label", svg::anchor::middle);
    return;
  }
  const auto most = std::ranges::max(bins, {}, &histogram::bin::count).count;
  const auto up = axis::from_zero(static_cast<double>(most), bottom, top);
  for (const double value : up.ticks(4)) {
    if (value != std::floor(value)) continue;  // there are no halves of replies
    to.line({left, up.at(value)}, {right, up.at(value)}, "grid");
    to.text({left - 8, up.at(value) + 4}, tick_text(value), "faint", svg::anchor::end);
  }
  // All bins look alike, and are wider the longer their times: see histogram.
  const double each = (right - left) / static_cast<double>(bins.size());
  const auto place_of = [&](std::chrono::nanoseconds time) {
    const auto in = std::ranges::find_if(bins, [&](const auto& one) { return time < one.to; });
    const auto& [from, until, count] = in == bins.end() ? bins.back() : *in;
    const double before = static_cast<double>(in - bins.begin());
    const double within = milliseconds_in(time - from) / milliseconds_in(until - from);
    return (std::clamp)(left + each * (before + within), left, right);
  };
  for (std::size_t i = 0; i != bins.size(); ++i) {
    if (bins[i].count == 0) continue;
    const double height = bottom - up.at(static_cast<double>(bins[i].count));
    to.rectangle({left + each * static_cast<double>(i) + each * 0.08, bottom - height}, each * 0.84,
                 height, "bar first")
        .note(std::to_string(bins[i].count) + " from " + in_milliseconds(bins[i].from) + " to " +
              in_milliseconds(bins[i].to) + " ms");
  }
  const auto every = (std::max)(std::size_t{1}, bins.size() / 8);
  for (std::size_t i = 0; i < bins.size(); i += every)
    to.text({left + each * static_cast<double>(i), bottom + 18}, in_milliseconds(bins[i].from),
            "faint", svg::anchor::middle);
  to.text({(left + right) / 2, bottom + 36}, "milliseconds", "label", svg::anchor::middle);
  double row = top - 4;
  for (const auto& [portion, name] :
       {std::pair{0.5, "p50"}, std::pair{0.9, "p90"}, std::pair{0.99, "p99"}}) {
    const double x = place_of(kept.spread().quantile(portion));
    to.line({x, top}, {x, bottom}, "line second");
    to.text({x, row}, name, "faint", svg::anchor::middle);
  }
}

class picture final : public recorder {
 public:
  picture(std::unique_ptr<report> within, std::ostream& file)
      : recorder{std::move(within)}, file_{file} {}
  void of_run(const result_of_run& outcome) override {
    recorder::of_run(outcome);
    file_ << pictured(kept());
  }

 private:
  std::ostream& file_;
};

}  // namespace

std::string pictured(const recording& kept) {
  const auto hosts = kept.hosts();
  const bool alone = hosts == 1;
  const layout where{.lines = (std::min)(kept.tracks().size(), most_lines),
                     .height = alone ? 240.0 : 56.0,
                     .apart = alone ? 0.0 : 28.0};
  const auto whom = alone ? kept.tracks()[0].name : std::to_string(hosts) + " hosts";
  const auto numbers = counts_of(kept.all());
  const auto times = times_of(kept.all(), kept.spread());
  const auto title = "Ping of " + whom;
  svg drawn{width, where.end(), title,
            title + ": " + numbers + ". Round-trip times: " + times +
                ". Above, the times over the run, with a red mark for each loss; below, how often "
                "each time occurred."};
  drawn.text({left, 30}, title, "title");
  drawn.text({left, 50}, numbers + "; " + times, "faint");
  if (hosts > where.lines)
    drawn.text({right, 30}, "the first " + std::to_string(where.lines) + " are shown", "faint",
               svg::anchor::end);
  if (alone) drawn.text({left, where.top - 8}, "milliseconds", "label");
  if (where.lines != 0) draw_lines(drawn, kept, where);
  draw_bars(drawn, kept, where);
  return drawn.document();
}

std::unique_ptr<report> make_picture(std::unique_ptr<report> within, std::ostream& file) {
  return std::make_unique<picture>(std::move(within), file);
}

}  // namespace portsock::tools
