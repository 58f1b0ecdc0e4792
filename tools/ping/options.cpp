// SPDX-License-Identifier: MIT
#include <CLI/CLI.hpp>
#include <charconv>
#include <cstdint>
#include <locale>
#include <sstream>

#include <tools/common/command_line.hpp>
#include <tools/ping/ping.hpp>
#include <tools/ping/targets.hpp>

namespace portsock::tools {
namespace {

using std::chrono::nanoseconds;

nanoseconds time_argument(const std::string& name, const std::string& text) {
  std::istringstream number{text};
  number.imbue(std::locale::classic());
  double seconds = -1;
  if (!(number >> seconds) || !number.eof() || !(seconds >= 0) || seconds > 1e6)
    throw CLI::ValidationError{name + " \"" + text + "\": must be 0 to 1000000 seconds"};
  return std::chrono::ceil<nanoseconds>(std::chrono::duration<double>{seconds});
}

template <class Time>
void add_time(CLI::App& app, const std::string& name, Time& value, std::string description) {
  app.add_option_function<std::string>(
         name, [name, &value](const std::string& text) { value = time_argument(name, text); },
         std::move(description))
      ->type_name("SECONDS");
}

/// Without the words that CLI11 puts behind the value's name in --help.
template <class Number>
CLI::Validator between(Number least, Number most) {
  return CLI::Range(least, most).description("");
}

std::vector<std::byte> pattern_argument(const std::string& text) {
  std::vector<std::byte> made;
  for (std::size_t at = 0; at + 1 < text.size(); at += 2) {
    unsigned value = 0;
    const auto* const end = text.data() + at + 2;
    const auto [stop, wrong] = std::from_chars(text.data() + at, end, value, 16);
    if (wrong != std::errc{} || stop != end) break;
    made.push_back(static_cast<std::byte>(value));
  }
  if (text.empty() || made.size() * 2 != text.size() || made.size() > 16)
    throw CLI::ValidationError{"--pattern \"" + text + "\": must be 1 to 16 bytes in hexadecimal"};
  return made;
}

/// As ping takes it: hexadecimal, with or without "0x".
std::uint32_t label_argument(const std::string& text) {
  const auto digits = std::string_view{text}.substr(text.starts_with("0x") ? 2 : 0);
  std::uint32_t value = 0;
  const auto [stop, wrong] =
      std::from_chars(digits.data(), digits.data() + digits.size(), value, 16);
  if (wrong != std::errc{} || stop != digits.data() + digits.size() || value == 0 ||
      value > 0xfffff)
    throw CLI::ValidationError{"--flow-label \"" + text + "\": must be 1 to fffff, in hexadecimal"};
  return value;
}

/// A choice among words.
template <class Value, class Setter>
void add_choice(CLI::App& app, const std::string& name,
                const std::vector<std::pair<std::string, Value>>& words, Setter set,
                const std::string& description) {
  std::string all;
  for (const auto& [word, value] : words) all += (all.empty() ? "" : "|") + word;
  app.add_option_function<std::string>(
         name,
         [name, words, set, all](const std::string& text) {
           for (const auto& [word, value] : words)
             if (word == text) return set(value);
           throw CLI::ValidationError{name + " \"" + text + "\": must be " + all};
         },
         description)
      ->type_name(all);
}

void declare_hosts(CLI::App& app, ping_options& options) {
  app.add_option("HOST", options.hosts, "Names, or addresses such as 192.0.2.1 or 2001:db8::1")
      ->type_name("");
  app.add_option("--file", options.files, "Hosts from a list, one a line; - is standard input")
      ->type_name("LIST")
      ->expected(1);
  app.add_option_function<std::vector<std::string>>(
         "--sweep",
         [&options](const std::vector<std::string>& all) {
           for (const auto& text : all)
             if (!parse_sweep(text))
               throw CLI::ValidationError{
                   "--sweep \"" + text +
                   "\": must be a network such as 10.0.0.0/24, or a range such as "
                   "10.0.0.1-10.0.0.99, of at most 16777216 hosts"};
           options.sweeps = all;
         },
         "All hosts of a network (10.0.0.0/24) or a range (10.0.0.1-99)")
      ->type_name("RANGE")
      ->expected(1);
  auto* alive = app.add_flag("--alive", options.alive, "Prints the hosts that answer, alone");
  app.add_flag("--unreachable", options.unreachable, "Prints the hosts that do not, alone")
      ->excludes(alive);
  app.add_flag("--sorted", options.sorted, "Prints hosts at the end, in the order they were given");
  app.add_option("--retries", options.retries, "Further requests to a host that is silent (0)")
      ->check(between(0, 16))
      ->type_name("N");
  app.add_option("--backoff", options.backoff, "Each may take so many times longer (1.5)")
      ->check(between(1.0, 10.0))
      ->type_name("FACTOR");
  app.add_option("--rate", options.rate, "At most so many requests a second, to all hosts")
      ->check(between(1, 10'000'000))
      ->type_name("N");
}

void declare_pace(CLI::App& app, ping_options& options) {
  app.add_option("-c,--count", options.count, "Ends after so many requests to each host")
      ->check(between(std::int64_t{1}, std::int64_t{1'000'000'000'000}))
      ->type_name("COUNT");
  add_time(app, "-i,--interval", options.interval, "Between two requests to a host (1)");
  add_time(app, "-W,--timeout", options.timeout,
           "How long a reply may take; later ones count as lost (4; several hosts: 0.5)");
  add_time(app, "-w,--deadline", options.deadline, "Ends after this time, whatever is open");
  app.add_option("-l,--preload", options.preload, "So many requests leave without an interval")
      ->check(between(1, 65'536))
      ->type_name("N");
  auto* flood = app.add_flag("-f,--flood", options.flood,
                             "As fast as replies come, many at once; a dot is an open request");
  app.add_flag("-A,--adaptive", options.adaptive, "Each request follows the last one's reply")
      ->excludes(flood);
  app.add_flag("-o,--until-reply", options.until_reply, "A host that answered is asked no more");
}

void declare_packets(CLI::App& app, ping_options& options) {
  // What fits an IPv4 packet behind the two headers.
  app.add_option("-s,--size", options.size, "Payload of each request (56)")
      ->check(between(0, 65'507))
      ->type_name("BYTES");
  app.add_option_function<std::string>(
         "-p,--pattern",
         [&options](const std::string& text) { options.pattern = pattern_argument(text); },
         "Fills the payload, in hexadecimal")
      ->type_name("HEX");
  app.add_option("-t,--ttl", options.hop_limit, "Routers that a request may pass, 1 to 255")
      ->check(between(1, 255))
      ->type_name("TTL");
  app.add_option("-Q,--tos", options.traffic_class, "TOS byte, or traffic class of IPv6")
      ->check(between(0, 255))
      ->type_name("TOS");
  app.add_flag("--trace", options.trace, "The routers on the way, up to --ttl (30)")
      ->excludes("--file", "--sweep", "--alive", "--unreachable", "--flood", "--adaptive");
  add_choice<fragmenting>(
      app, "-M,--fragments",
      {{"do", fragmenting::never},
       {"want", fragmenting::by_system},
       {"dont", fragmenting::allowed}},
      [&options](fragmenting which) { options.fragments = which; },
      "Forbids fragments, leaves it to the system, or allows them");
  app.add_option("-I,--source", options.source, "Source address, or an interface that has one")
      ->type_name("SOURCE");
  auto* v4 = app.add_flag_callback("-4", [&options] { options.only = family::v4; }, "IPv4 only");
  app.add_flag_callback("-6", [&options] { options.only = family::v6; }, "IPv6 only")->excludes(v4);
  app.add_option_function<std::string>(
         "-F,--flow-label",
         [&options](const std::string& text) {
           options.flow_label = label_argument(text);
           options.only = family::v6;
         },
         "Flow label, 1 to fffff in hexadecimal; IPv6, and from Linux, only")
      ->type_name("LABEL")
      ->excludes(v4);
  add_choice<icmp_access>(
      app, "--backend",
      {{"raw", icmp_access::raw},
       {"datagram", icmp_access::datagram},
       {"system", icmp_access::system}},
      [&options](icmp_access which) { options.backend = which; },
      "How requests reach the network; the first that is allowed");
}

void declare_output(CLI::App& app, ping_options& options) {
  app.add_flag("-q,--quiet", options.quiet, "Prints the summary alone");
  app.add_flag("-D,--timestamps", options.timestamps, "Begins lines with the time, as [seconds]");
  app.add_flag("-a,--audible", options.audible, "Rings the bell at each reply");
  app.add_flag_callback("-n", [] {}, "Addresses as numbers, as always");
  auto* plot =
      app.add_flag("--plot", options.plot, "Draws the time line and the histogram as it goes")
          ->excludes("--trace");
  app.add_option("--svg", options.picture, "Writes a picture of the run at its end")
      ->type_name("FILE")
      ->excludes("--trace");
  auto* json = app.add_flag_callback(
      "--json", [&options] { options.as = format::json; }, "One JSON object a line");
  json->excludes(plot);
  app.add_flag_callback(
         "--csv", [&options] { options.as = format::csv; }, "One row an event")
      ->excludes(json)
      ->excludes(plot);
}

}  // namespace

void declare(CLI::App& app, ping_options& options) {
  const auto under = [&](const std::string& heading, auto add) {
    const auto before = app.get_options().size();
    add(app, options);
    const auto all = app.get_options();
    for (auto i = before; i != all.size(); ++i)
      if (!all[i]->get_positional()) all[i]->group(heading);
  };
  under("Whom to ask, and how often in vain", declare_hosts);
  under("When", declare_pace);
  under("What the packets are like", declare_packets);
  under("What is shown", declare_output);
  app.footer(
      "One host is asked until Ctrl-C, which prints the summary; several are asked once, unless\n"
      "there is a --count. Ctrl-\\, on Windows Ctrl-Break, tells in between how it goes. An "
      "interval\n"
      "under 0.002 s wants a raw socket.\n\n"
      "Examples:\n"
      "  sockping example.org                         until Ctrl-C\n"
      "  sockping -c 100 -i 0.01 -q --svg run.svg ::1  a picture of a hundred round trips\n"
      "  sockping --plot 192.0.2.1 198.51.100.1 -c 60  how two hosts compare, as it goes\n"
      "  sockping --sweep 10.0.0.0/24 --alive         who is there\n"
      "  sockping --json -c 3 example.org             for programs; see sockping(1)\n\n"
      "Exit codes: 0 all hosts answered in time; 1 some did not, or were not found; 2 wrong "
      "usage,\n"
      "this user may not ping, or the system failed.");
}

}  // namespace portsock::tools
