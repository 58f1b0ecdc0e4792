// SPDX-License-Identifier: MIT
#include <tools/send/progress.hpp>

#include <algorithm>
#include <cmath>

#include <tools/common/clock_text.hpp>

namespace portsock::tools {
namespace {

constexpr std::size_t bar_width = 30;

std::string bar(double share) {
  const auto filled = static_cast<std::size_t>(share * static_cast<double>(bar_width));
  std::string text(filled, '=');
  if (filled < bar_width) text += '>';
  text.resize(bar_width, ' ');
  return '[' + text + "] ";
}

std::string clock_time(double seconds) {
  const auto whole = static_cast<std::uint64_t>(std::llround(seconds));
  const auto rest = std::to_string(whole % 60);
  return std::to_string(whole / 60) + (rest.size() == 1 ? ":0" : ":") + rest;
}

}  // namespace

std::string progress_line::text(std::uint64_t done, std::optional<std::uint64_t> whole,
                                std::chrono::duration<double> spent) {
  const auto bytes = static_cast<double>(done);
  const double rate = spent.count() > 0 ? bytes / spent.count() : 0;
  std::string line;
  if (whole && *whole != 0) {
    const double share = std::min(1.0, bytes / static_cast<double>(*whole));
    const auto percent = std::to_string(static_cast<unsigned>(share * 100));
    line += bar(share) + std::string(3 - std::min<std::size_t>(percent.size(), 3), ' ') + percent +
            " %  ";
  }
  line += amount(bytes) + "  " + amount(rate) + "/s  ";
  const bool ended = !whole || done >= *whole || rate <= 0;
  return line + (ended ? clock_time(spent.count())
                       : clock_time((static_cast<double>(*whole) - bytes) / rate) + " left");
}

void progress_line::show(std::uint64_t done, clock::time_point now) {
  // ESC [ K clears what a longer text has left behind.
  log_ << '\r' + text(done, whole_, now - began_) + "\x1b[K" << std::flush;
  next_ = now + period;
}

void progress_line::end(std::uint64_t done, clock::time_point now) {
  show(done, now);
  log_ << '\n' << std::flush;
}

}  // namespace portsock::tools
