// SPDX-License-Identifier: MIT
#include <algorithm>

#include <tools/common/svg.hpp>
#include <tools/measure/telling.hpp>

namespace portsock::tools::measuring {
namespace {

constexpr double left = 70;
constexpr double right = 750;
constexpr double top = 60;
constexpr double panel_height = 160;
constexpr double gap = 50;

struct panel {
  std::string name;
  std::string_view look;
  std::vector<point> points{};  ///< in seconds, and in what the name says
};

void draw(svg& picture, const panel& what, double from, const axis& time) {
  double most = 0;
  for (const auto& one : what.points) most = (std::max)(most, one.y);
  const auto values = axis::from_zero(most, from + panel_height, from);
  picture.text({left, from - 8}, what.name, "label");
  for (const double tick : values.ticks(4)) {
    const double y = values.at(tick);
    picture.line({left, y}, {right, y}, "grid");
    picture.text({left - 8, y + 4}, tick_text(tick), "faint", svg::anchor::end);
  }
  std::vector<point> places;
  places.reserve(what.points.size());
  for (const auto& one : what.points) places.push_back({time.at(one.x), values.at(one.y)});
  picture.polyline(places, what.look);
}

}  // namespace

std::string plot(const std::vector<stretch>& all, bool datagrams, const std::string& title) {
  panel rate{"received, in Mbit/s", "first line"};
  panel lost{"lost, in percent", "bad line"};
  panel round_trip{"round trip, in ms", "second line"};
  for (const auto& one : all) {
    rate.points.push_back({one.end, one.rate() / 1e6});
    const auto sent = static_cast<double>(one.part.datagrams + one.part.lost);
    if (sent > 0) lost.points.push_back({one.end, 100 * static_cast<double>(one.part.lost) / sent});
    if (one.part.round_trip)
      round_trip.points.push_back({one.end, static_cast<double>(*one.part.round_trip) / 1e6});
  }
  std::vector<panel> panels{rate};
  if (datagrams) panels.push_back(lost);
  if (!round_trip.points.empty()) panels.push_back(round_trip);

  const auto time = axis::from_zero(all.empty() ? 1 : all.back().end, left, right);
  const double bottom = top + static_cast<double>(panels.size()) * (panel_height + gap) - gap;
  svg picture{800, bottom + 50, title, "What was received over the time, interval by interval."};
  picture.text({left, 28}, title, "title");
  for (std::size_t i = 0; i != panels.size(); ++i)
    draw(picture, panels[i], top + static_cast<double>(i) * (panel_height + gap), time);
  for (const double tick : time.ticks(8))
    picture.text({time.at(tick), bottom + 18}, tick_text(tick), "faint", svg::anchor::middle);
  picture.text({(left + right) / 2, bottom + 36}, "seconds", "faint", svg::anchor::middle);
  return picture.document();
}

}  // namespace portsock::tools::measuring
