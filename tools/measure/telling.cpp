// SPDX-License-Identifier: MIT
#include <tools/measure/telling.hpp>

#include <array>
#include <string_view>

#include <tools/common/clock_text.hpp>
#include <tools/common/json_line.hpp>

namespace portsock::tools::measuring {
namespace {

std::uint64_t growth(std::uint64_t before, std::uint64_t now) {
  return now > before ? now - before : 0;
}

double seconds(std::uint64_t nanoseconds) { return static_cast<double>(nanoseconds) / 1e9; }
std::string milliseconds(std::uint64_t nanoseconds) {
  return decimal(static_cast<double>(nanoseconds) / 1e6, 3) + " ms";
}

double per_second(std::uint64_t count, const stretch& over) {
  return over.seconds() > 0 ? static_cast<double>(count) / over.seconds() : 0;
}

/// Numbers below each other end at one place.
std::string to_the_right(std::string text, std::size_t width) {
  if (text.size() < width) text.insert(0, width - text.size(), ' ');
  return text;
}

std::string percent_lost(const report& told) {
  const auto all = told.datagrams + told.lost;
  const auto part =
      all == 0 ? 0 : 100.0 * static_cast<double>(told.lost) / static_cast<double>(all);
  return decimal(part, 2) + " %";
}

std::string of_datagrams(const report& told) {
  return "lost " + std::to_string(told.lost) + " (" + percent_lost(told) + "), reordered " +
         std::to_string(told.reordered) + ", duplicates " + std::to_string(told.duplicates) +
         ", jitter " + milliseconds(told.jitter) +
         (told.discarded.value_or(0) == 0
              ? ""
              : ", no room for " + count(*told.discarded, "packet") + " at the receiver");
}

/// What the sender's system knows; "" where it knows nothing.
std::string of_connection(const report& told) {
  std::string text;
  if (told.retransmitted) text += "retransmitted " + std::to_string(*told.retransmitted);
  if (told.round_trip) {
    text += (text.empty() ? "" : ", ") + ("round trip " + milliseconds(*told.round_trip));
    if (told.variation) text += " ± " + milliseconds(*told.variation);
  }
  if (told.window) text += ", window " + amount(static_cast<double>(*told.window));
  return text;
}

void add_facts(json_line& line, const stretch& what, bool datagrams) {
  const auto& told = what.part;
  line.number("begin", what.begin)
      .number("end", what.end)
      .number("bytes", told.bytes)
      .number("bits_per_second", what.rate());
  if (datagrams) {
    line.number("datagrams", told.datagrams)
        .number("datagrams_per_second", per_second(told.datagrams, what))
        .number("lost", told.lost)
        .number("reordered", told.reordered)
        .number("duplicates", told.duplicates)
        .number("jitter", seconds(told.jitter));
    if (told.discarded) line.number("discarded", *told.discarded);
    return;
  }
  if (told.retransmitted) line.number("retransmitted", *told.retransmitted);
  if (told.round_trip) line.number("round_trip", seconds(*told.round_trip));
  if (told.variation) line.number("round_trip_variation", seconds(*told.variation));
  if (told.window) line.number("window", *told.window);
}

}  // namespace

double stretch::rate() const noexcept {
  return seconds() > 0 ? 8 * static_cast<double>(part.bytes) / seconds() : 0;
}

stretch between(const report& before, const report& now) {
  stretch what{.begin = seconds(before.elapsed),
               .end = seconds((std::max)(before.elapsed, now.elapsed)),
               .part = now};
  what.part.bytes = growth(before.bytes, now.bytes);
  what.part.datagrams = growth(before.datagrams, now.datagrams);
  what.part.lost = growth(before.lost, now.lost);
  what.part.reordered = growth(before.reordered, now.reordered);
  what.part.duplicates = growth(before.duplicates, now.duplicates);
  if (now.retransmitted)
    what.part.retransmitted = growth(before.retransmitted.value_or(0), *now.retransmitted);
  if (now.discarded) what.part.discarded = growth(before.discarded.value_or(0), *now.discarded);
  return what;
}

std::string bit_rate(double bits_per_second) {
  constexpr std::array<std::string_view, 5> units{"bit/s", "kbit/s", "Mbit/s", "Gbit/s", "Tbit/s"};
  std::size_t unit = 0;
  while (bits_per_second >= 999.5 && unit + 1 != units.size()) {
    bits_per_second /= 1000;
    ++unit;
  }
  const int digits = unit == 0 || bits_per_second >= 99.95 ? 0 : bits_per_second >= 9.995 ? 1 : 2;
  return decimal(bits_per_second, digits) + ' ' + std::string{units[unit]};
}

std::string interval_text(const stretch& what, bool datagrams) {
  auto line = to_the_right(decimal(what.begin, 1), 6) + "–" + decimal(what.end, 1) + " s" +
              to_the_right(amount(static_cast<double>(what.part.bytes)), 11) +
              to_the_right(bit_rate(what.rate()), 13);
  if (datagrams) line += to_the_right(decimal(per_second(what.part.datagrams, what), 0), 11) + "/s";
  const auto more = datagrams ? of_datagrams(what.part) : of_connection(what.part);
  return more.empty() ? line : line + "  " + more;
}

std::string summary_text(const stretch& what, const request& asked, std::uint64_t sent) {
  const auto& told = what.part;
  auto text = "received " + amount(static_cast<double>(told.bytes)) + " in " +
              decimal(what.seconds(), 2) + " s: " + bit_rate(what.rate());
  if (asked.datagrams) {
    text += "\n" + std::to_string(told.datagrams) + " of " + std::to_string(sent) +
            " datagrams of " + count(asked.datagram_size, "byte") + ", " +
            decimal(per_second(told.datagrams, what), 0) + " per second";
    return text + "\n" + of_datagrams(told);
  }
  const auto more = of_connection(told);
  return more.empty() ? text : text + "\n" + more;
}

std::string interval_json(const stretch& what, bool datagrams) {
  json_line line;
  line.text("event", "interval");
  add_facts(line, what, datagrams);
  return line.object();
}

std::string summary_json(const stretch& what, const request& asked, std::uint64_t sent,
                         std::uint64_t streams) {
  json_line line;
  line.text("event", "summary")
      .text("transport", asked.datagrams ? "udp" : "tcp")
      .text("direction", asked.reverse ? "reverse" : "forward")
      .number("streams", streams);
  add_facts(line, what, asked.datagrams);
  if (asked.datagrams)
    line.number("datagram_size", std::uint64_t{asked.datagram_size}).number("datagrams_sent", sent);
  return line.object();
}

}  // namespace portsock::tools::measuring
