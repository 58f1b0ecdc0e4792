// SPDX-License-Identifier: MIT
#pragma once

// Pictures: an SVG document (SVG 1.1, XML 1.0) that is written from its beginning to its end, and
// axes with round numbers. Pure: no clock, no file.

#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace portsock::tools {

/// `text` as XML content or attribute: markup is escaped; what is no UTF-8, and control characters,
/// which XML has no way to write, become U+FFFD.
std::string in_xml(std::string_view text);

struct point {
  double x = 0;
  double y = 0;
};

/// Adds one element after another. `look` is the element's class: what the style has, see
/// `svg::style`. Coordinates are rounded to hundredths.
class svg {
 public:
  /// What is drawn looks right on light and on dark ground. The classes: `ground` (behind all),
  /// `frame`, `grid`, `title`, `label`, `faint` (text); `first` to `fourth`, colours of lines that
  /// people with any kind of colour vision tell apart, to be combined with `line`, `area` or `bar`;
  /// `bad`, for what went wrong, combined in the same way.
  static std::string_view style() noexcept;

  /// `title` and `description` are what is read to who cannot see the picture.
  svg(double width, double height, std::string_view title, std::string_view description);

  svg& line(point from, point to, std::string_view look);
  svg& polyline(std::span<const point> points, std::string_view look);
  svg& polygon(std::span<const point> points, std::string_view look);
  svg& rectangle(point corner, double width, double height, std::string_view look);
  enum class anchor : unsigned char { start, middle, end };
  svg& text(point at, std::string_view words, std::string_view look, anchor where = anchor::start);
  /// A note that belongs to the shape added last, shown when one points at it.
  svg& note(std::string_view words);

  /// The whole document, with a newline at its end.
  std::string document() const { return drawn_ + "</svg>\n"; }

 private:
  svg& shape(std::string_view name, std::span<const point> points, std::string_view look);

  std::string drawn_;
};

/// Values along a line of the picture.
class axis {
 public:
  /// `low` is at the place `from`, `high` at `to`; if they are equal, `high` is 1 more.
  axis(double low, double high, double from, double to) noexcept;
  /// The same from 0 to a round number that is not below `high`.
  static axis from_zero(double high, double from, double to) noexcept;

  double at(double value) const noexcept {
    return from_ + (value - low_) / (high_ - low_) * (to_ - from_);
  }
  double high() const noexcept { return high_; }
  /// Round values, 1, 2 or 5 times a power of ten apart: about `count`, 1 at least.
  std::vector<double> ticks(unsigned count) const;
  /// The distance of those.
  double step(unsigned count) const noexcept;

 private:
  double low_;
  double high_;
  double from_;
  double to_;
};

/// `value` as a tick has it: no more decimals than it needs, and none of an exponent.
std::string tick_text(double value);

}  // namespace portsock::tools
