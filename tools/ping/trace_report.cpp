// SPDX-License-Identifier: MIT

// What a trace looks like.

#include <algorithm>
#include <array>
#include <string>

#include <tools/common/json_line.hpp>
#include <tools/ping/trace.hpp>
#include <tools/ping/words.hpp>

namespace portsock::tools {
namespace {

std::string to_right(std::string text, std::size_t width) {
  return text.size() < width ? text.insert(0, width - text.size(), ' ') : text;
}
std::string to_left(std::string text, std::size_t width) {
  if (text.size() < width) text.append(width - text.size(), ' ');
  return text;
}

/// The columns behind a router's address: heading, and how wide.
constexpr std::size_t width = 9;
constexpr std::array headings{"loss%", "sent", "last", "avg", "best", "worst", "stdev"};

constexpr const char* nobody = "*";

std::size_t width_of_addresses(const traced& way) {
  std::size_t widest = std::string_view{"router"}.size();
  for (const auto& hop : way.hops)
    for (const auto& router : hop.routers()) widest = (std::max)(widest, to_string(router).size());
  return widest;
}

std::string numbers_of(const hop_account& hop) {
  auto line =
      to_right(with_decimals(hop.loss(), 1), width) + to_right(std::to_string(hop.sent()), width);
  if (hop.answered() == 0) return line;
  const auto& times = hop.times();
  for (const double value :
       {hop.latest(), times.mean(), times.smallest(), times.largest(), times.deviation()})
    line += to_right(with_decimals(value, 3), width);
  return line;
}

void report_as_text(const traced& way, const ping_options& options, std::ostream& output) {
  output << "TRACE " << way.name << " (" << to_string(way.address) << ") " << options.size
         << " data bytes, times in ms\n";
  const auto wide = width_of_addresses(way);
  output << "hop " << to_left("router", wide);
  for (const auto* heading : headings) output << to_right(heading, width);
  output << '\n';
  auto number = way.first;
  for (const auto& hop : way.hops) {
    const auto routers = hop.routers();
    output << to_right(std::to_string(number++), 3) << ' '
           << to_left(routers.empty() ? nobody : to_string(routers[0]), wide) << numbers_of(hop)
           << '\n';
    for (std::size_t other = 1; other < routers.size(); ++other)
      output << "    " << to_string(routers[other]) << '\n';
    if (!hop.refusal().empty()) output << "    " << hop.refusal() << '\n';
  }
  if (!way.reached) output << "no answer from " << to_string(way.address) << '\n';
  output << std::flush;
}

json_line& add_times(json_line& line, const hop_account& hop) {
  if (hop.answered() == 0) return line;
  const auto& times = hop.times();
  return line.number("rtt_last_ms", hop.latest())
      .number("rtt_avg_ms", times.mean())
      .number("rtt_min_ms", times.smallest())
      .number("rtt_max_ms", times.largest())
      .number("rtt_mdev_ms", times.deviation());
}

void report_as_json(const traced& way, std::ostream& output) {
  auto number = way.first;
  for (const auto& hop : way.hops) {
    std::string addresses = "[";
    for (const auto& router : hop.routers())
      addresses += (addresses.size() > 1 ? "," : "") + json_string(to_string(router));
    json_line line;
    line.text("event", "hop")
        .number("hop", std::uint64_t{number++})
        .raw("addresses", addresses + ']')
        .number("sent", hop.sent())
        .number("received", hop.answered())
        .number("loss_percent", hop.loss());
    if (!hop.refusal().empty()) line.text("message", hop.refusal());
    output << add_times(line, hop).line();
  }
  json_line line;
  line.text("event", "trace")
      .text("host", way.name)
      .text("address", to_string(way.address))
      .number("hops", std::uint64_t{way.hops.size()})
      .truth("reached", way.reached);
  output << line.line() << std::flush;
}

}  // namespace

void report_trace(const traced& way, const ping_options& options, std::ostream& output) {
  if (options.as == format::json) return report_as_json(way, output);
  report_as_text(way, options, output);
}

}  // namespace portsock::tools
