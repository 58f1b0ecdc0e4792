// SPDX-License-Identifier: MIT
#include <tools/common/clock_text.hpp>

#include <array>
#include <charconv>

namespace portsock::tools {
namespace {

std::string padded(std::int64_t number, std::size_t width) {
  auto text = std::to_string(number);
  if (text.size() < width) text.insert(0, width - text.size(), '0');
  return text;
}

}  // namespace

std::string utc(std::chrono::system_clock::time_point moment) {
  using namespace std::chrono;
  const auto day = floor<days>(moment);
  const year_month_day date{day};
  const hh_mm_ss time{floor<milliseconds>(moment - day)};
  return padded(static_cast<int>(date.year()), 4) + '-' +
         padded(static_cast<unsigned>(date.month()), 2) + '-' +
         padded(static_cast<unsigned>(date.day()), 2) + 'T' + padded(time.hours().count(), 2) +
         ':' + padded(time.minutes().count(), 2) + ':' + padded(time.seconds().count(), 2) + '.' +
         padded(time.subseconds().count(), 3) + 'Z';
}

std::string count(std::uint64_t number, std::string_view thing) {
  return std::to_string(number) + ' ' + std::string{thing} + (number == 1 ? "" : "s");
}

std::string decimal(double value, int digits) {
  // Not by a stream, which asks the C library: those of Windows before 2020 round ties away from
  // zero.
  std::array<char, 400> text;
  const auto end =
      std::to_chars(text.data(), text.data() + text.size(), value, std::chars_format::fixed, digits)
          .ptr;
  return {text.data(), end};
}

std::string amount(double bytes) {
  constexpr std::array units{" B", " kB", " MB", " GB", " TB", " PB"};
  std::size_t unit = 0;
  while (bytes >= 999.5 && unit + 1 < units.size()) {
    bytes /= 1000;
    ++unit;
  }
  const int digits = unit == 0 ? 0 : bytes >= 99.95 ? 0 : bytes >= 9.995 ? 1 : 2;
  return decimal(bytes, digits) + units[unit];
}

}  // namespace portsock::tools
