// SPDX-License-Identifier: MIT
#include <tools/common/svg.hpp>

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdio>

#include <tools/common/json_line.hpp>

namespace portsock::tools {
namespace {

/// Without zeros at the end, and the same in every locale that snprintf knows.
std::string number(double value, int decimals) {
  std::array<char, 400> text;
  std::snprintf(text.data(), text.size(), "%.*f", decimals, value);
  std::string made = text.data();
  if (made.find('.') == made.npos) return made;
  made.erase(made.find_last_not_of('0') + 1);
  if (made.back() == '.') made.pop_back();
  return made == "-0" ? "0" : made;
}

std::string attribute(std::string_view name, double value) {
  return ' ' + std::string{name} + "=\"" + number(value, 2) + '"';
}
std::string attribute(std::string_view name, std::string_view value) {
  return ' ' + std::string{name} + "=\"" + in_xml(value) + '"';
}

/// 1, 2 or 5 times a power of ten, at least `least`.
double round_up(double least) noexcept {
  const double power = std::pow(10.0, std::floor(std::log10(least)));
  for (const double factor : {1.0, 2.0, 5.0})
    if (factor * power >= least * (1 - 1e-9)) return factor * power;
  return 10 * power;
}

// The colours of Okabe and Ito, told apart with any kind of colour vision; lighter on dark ground.
constexpr std::string_view looks = R"(
svg{color-scheme:light dark;font:12px system-ui,sans-serif}
text{fill:#1f2328}.title{font-size:16px;font-weight:600}.label,.faint{font-size:11px}
.faint{fill:#59636e}.ground{fill:#fff}.frame{fill:none;stroke:#818b98}
.grid{stroke:#d1d9e0;stroke-width:.75}
.line{fill:none;stroke-width:1.5;stroke-linejoin:round;stroke-linecap:round}
.area{stroke:none;fill-opacity:.2}.bar{stroke:none}
.first{color:#0072b2}.second{color:#d55e00}.third{color:#009e73}.fourth{color:#cc79a7}
.bad{color:#c1121f}.line{stroke:currentColor}.area,.bar{fill:currentColor}
@media (prefers-color-scheme:dark){
text{fill:#e6edf3}.faint{fill:#9198a1}.ground{fill:#0d1117}.frame{stroke:#656c76}
.grid{stroke:#30363d}.first{color:#56b4e9}.second{color:#e69f00}.third{color:#2fd6a8}
.fourth{color:#e6a3c8}.bad{color:#ff6b6b}}
)";

}  // namespace

std::string in_xml(std::string_view text) {
  std::string made;
  while (!text.empty()) {
    const auto size = utf8_character(text);
    const auto character = text.substr(0, std::max<std::size_t>(size, 1));
    text.remove_prefix(character.size());
    const bool control = size == 1 && static_cast<unsigned char>(character[0]) < 0x20 &&
                         character != "\t" && character != "\n";
    // U+FFFE and U+FFFF are no characters of XML (XML 1.0, 2.2).
    const bool none = character == "\xef\xbf\xbe" || character == "\xef\xbf\xbf";
    if (size == 0 || control || none)
      made += "\xef\xbf\xbd";
    else if (character == "<")
      made += "&lt;";
    else if (character == ">")
      made += "&gt;";
    else if (character == "&")
      made += "&amp;";
    else if (character == "\"")
      made += "&quot;";
    else
      made += character;
  }
  return made;
}

std::string_view svg::style() noexcept { return looks; }

svg::svg(double width, double height, std::string_view title, std::string_view description) {
  drawn_ = "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<svg xmlns=\"http://www.w3.org/2000/svg\"" +
           attribute("width", width) + attribute("height", height) +
           attribute("viewBox", "0 0 " + number(width, 2) + ' ' + number(height, 2)) +
           " role=\"img\" aria-labelledby=\"title description\">\n<title id=\"title\">" +
           in_xml(title) + "</title>\n<desc id=\"description\">" + in_xml(description) +
           "</desc>\n<style>" + std::string{looks} + "</style>\n";
  rectangle({0, 0}, width, height, "ground");
}

svg& svg::line(point from, point to, std::string_view look) {
  drawn_ += "<line" + attribute("class", look) + attribute("x1", from.x) + attribute("y1", from.y) +
            attribute("x2", to.x) + attribute("y2", to.y) + "/>\n";
  return *this;
}

svg& svg::shape(std::string_view name, std::span<const point> points, std::string_view look) {
  drawn_ += '<' + std::string{name} + attribute("class", look) + " points=\"";
  bool first = true;
  for (const auto& [x, y] : points) {
    if (!first) drawn_ += ' ';
    first = false;
    drawn_ += number(x, 2) + ',' + number(y, 2);
  }
  drawn_ += "\"/>\n";
  return *this;
}
svg& svg::polyline(std::span<const point> points, std::string_view look) {
  return shape("polyline", points, look);
}
svg& svg::polygon(std::span<const point> points, std::string_view look) {
  return shape("polygon", points, look);
}

svg& svg::rectangle(point corner, double width, double height, std::string_view look) {
  drawn_ += "<rect" + attribute("class", look) + attribute("x", corner.x) +
            attribute("y", corner.y) + attribute("width", width) + attribute("height", height) +
            "/>\n";
  return *this;
}

svg& svg::text(point at, std::string_view words, std::string_view look, anchor where) {
  drawn_ += "<text" + attribute("class", look) + attribute("x", at.x) + attribute("y", at.y);
  if (where != anchor::start)
    drawn_ += attribute("text-anchor", where == anchor::end ? "end" : "middle");
  drawn_ += '>' + in_xml(words) + "</text>\n";
  return *this;
}

svg& svg::note(std::string_view words) {
  if (!drawn_.ends_with("/>\n")) return *this;  // text says itself what it is
  const auto begin = drawn_.rfind('<');
  const auto name = drawn_.substr(begin + 1, drawn_.find(' ', begin) - begin - 1);
  drawn_.resize(drawn_.size() - 3);
  drawn_ += "><title>" + in_xml(words) + "</title></" + name + ">\n";
  return *this;
}

axis::axis(double low, double high, double from, double to) noexcept
    : low_{low}, high_{high > low ? high : low + 1}, from_{from}, to_{to} {}

axis axis::from_zero(double high, double from, double to) noexcept {
  if (!(high > 0)) return {0, 1, from, to};
  const double step = round_up(high / 4);
  return {0, step * std::ceil(high / step * (1 - 1e-9)), from, to};
}

double axis::step(unsigned count) const noexcept {
  return round_up((high_ - low_) / (std::max)(count, 1U));
}

std::vector<double> axis::ticks(unsigned count) const {
  const double apart = step(count);
  std::vector<double> made;
  // Multiples and not sums, which drift.
  const auto first = static_cast<long long>(std::ceil(low_ / apart - 1e-9));
  const auto last = static_cast<long long>(std::floor(high_ / apart + 1e-9));
  for (auto i = first; i <= last; ++i) made.push_back(static_cast<double>(i) * apart);
  return made;
}

std::string tick_text(double value) {
  const double size = std::abs(value);
  const int decimals = size == 0 || size >= 100
                           ? 0
                           : (std::clamp)(2 - static_cast<int>(std::floor(std::log10(size))), 0, 9);
  return number(value, decimals);
}

}  // namespace portsock::tools
