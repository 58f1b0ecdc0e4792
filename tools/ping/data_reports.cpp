// SPDX-License-Identifier: MIT
#include <tools/ping/data_reports.hpp>

#include <array>
#include <concepts>
#include <string_view>

namespace portsock::tools {
namespace {

using kind = ping::event::what;

constexpr std::string_view word_of(kind which) {
  switch (which) {
    case kind::sent:
      return "sent";
    case kind::not_sent:
      return "not_sent";
    case kind::reply:
      return "reply";
    case kind::duplicate:
      return "duplicate";
    case kind::late:
      return "late";
    case kind::corrupted:
      return "corrupted";
    case kind::refused:
      return "refused";
    case kind::notice:
      return "notice";
    default:
      return "lost";
  }
}

/// Whether a message arrived that the event is about.
bool has_message(kind which) {
  return which != kind::sent && which != kind::not_sent && which != kind::lost;
}

/// One object, member by member.
class json_line {
 public:
  explicit json_line(std::ostream& output) : output_{output} { output_ << '{'; }
  ~json_line() { output_ << "}\n" << std::flush; }
  json_line(const json_line&) = delete;
  json_line& operator=(const json_line&) = delete;

  json_line& text(std::string_view name, std::string_view value) {
    key(name);
    quoted(value);
    return *this;
  }
  json_line& number(std::string_view name, std::integral auto value) {
    key(name);
    output_ << +value;
    return *this;
  }
  json_line& literal(std::string_view name, std::string_view value) {
    key(name);
    output_ << value;
    return *this;
  }
  json_line& truth(std::string_view name, bool value) {
    return literal(name, value ? "true" : "false");
  }

 private:
  void key(std::string_view name) {
    if (!first_) output_ << ',';
    first_ = false;
    quoted(name);
    output_ << ':';
  }
  void quoted(std::string_view value) {
    constexpr std::string_view digits = "0123456789abcdef";
    output_ << '"';
    for (const char c : value) {
      const auto code = static_cast<unsigned char>(c);
      if (c == '"' || c == '\\')
        output_ << '\\' << c;
      else if (code < 0x20)
        output_ << "\\u00" << digits[code >> 4] << digits[code & 15];
      else
        output_ << c;
    }
    output_ << '"';
  }

  std::ostream& output_;
  bool first_ = true;
};

void add_numbers(json_line& line, const statistics& numbers, const histogram* spread,
                 bool in_order = true) {
  line.number("sent", numbers.sent)
      .number("received", numbers.received)
      .literal("loss_percent", as_percent(numbers.loss()))
      .number("duplicates", numbers.duplicates)
      .number("corrupted", numbers.corrupted)
      .number("late", numbers.late)
      .number("errors", numbers.errors)
      .number("elapsed_ns", numbers.elapsed.count());
  if (in_order)
    line.number("out_of_order", numbers.out_of_order)
        .number("loss_bursts", numbers.losses.count())
        .number("longest_loss_burst", numbers.losses.longest());
  const auto& times = numbers.round_trip;
  if (times.count() == 0) return;
  line.literal("rtt_min_ms", with_decimals(times.smallest(), 6))
      .literal("rtt_avg_ms", with_decimals(times.mean(), 6))
      .literal("rtt_max_ms", with_decimals(times.largest(), 6))
      .literal("rtt_mdev_ms", with_decimals(times.deviation(), 6))
      .literal("jitter_ms", with_decimals(numbers.jitter.mean(), 6));
  if (spread == nullptr) return;
  line.literal("rtt_p50_ms", in_exact_milliseconds(spread->quantile(0.5)))
      .literal("rtt_p90_ms", in_exact_milliseconds(spread->quantile(0.9)))
      .literal("rtt_p99_ms", in_exact_milliseconds(spread->quantile(0.99)));
}

std::string in_csv(std::string_view text) {
  if (text.find_first_of(",\"\n\r") == text.npos) return std::string{text};
  std::string made = "\"";
  for (const char c : text) {
    if (c == '"') made += '"';
    made += c;
  }
  return made + '"';
}

}  // namespace

void json_report::opening(const subject& host, std::size_t size, icmp_access how) {
  json_line{output_}
      .text("event", "start")
      .literal("time", now_in_seconds())
      .text("host", host.name)
      .text("address", to_string(host.address))
      .number("size", size)
      .text("backend", portsock::tools::word_of(how));
}

void json_report::happened(const subject& host, const ping::event& what) {
  if (what.kind == kind::sent) return;
  json_line line{output_};
  line.text("event", word_of(what.kind))
      .literal("time", now_in_seconds())
      .text("host", host.name)
      .text("address", to_string(host.address))
      .number("sequence", what.number)
      .number("attempt", what.attempt);
  if (what.kind == kind::not_sent) line.text("reason", what.reason.message());
  if (!has_message(what.kind)) return;
  line.text("from", to_string(what.from)).number("bytes", what.size);
  if (what.hop_limit) line.number("ttl", *what.hop_limit);
  line.number("rtt_ns", what.round_trip.count()).truth("kernel_times", what.stamped);
  if (what.truncated) line.truth("truncated", true);
  if (what.kind == kind::corrupted) line.number("wrong_byte", what.wrong_byte);
  if (what.kind == kind::refused || what.kind == kind::notice)
    line.text("message", described(*what.message));
}

void json_report::of_host(const subject& host, const result_of_host& outcome) {
  json_line line{output_};
  line.text("event", "host").text("host", host.name).text("address", to_string(host.address));
  add_numbers(line, outcome.numbers, outcome.spread);
}

void json_report::of_run(const result_of_run& outcome) {
  json_line line{output_};
  line.text("event", "summary").number("hosts", outcome.hosts).number("answered", outcome.answered);
  add_numbers(line, outcome.numbers, &outcome.spread, outcome.in_order);
}

void json_report::so_far(const subject& host, const result_of_host& outcome) {
  json_line line{output_};
  line.text("event", "status")
      .literal("time", now_in_seconds())
      .text("host", host.name)
      .text("address", to_string(host.address));
  add_numbers(line, outcome.numbers, outcome.spread);
}

void json_report::so_far(const result_of_run& outcome) {
  json_line line{output_};
  line.text("event", "status")
      .literal("time", now_in_seconds())
      .number("hosts", outcome.hosts)
      .number("answered", outcome.answered);
  add_numbers(line, outcome.numbers, &outcome.spread, outcome.in_order);
}

csv_report::csv_report(const ping_options& options, std::ostream& output, std::ostream& log)
    : text_report{options, output, log} {
  output_ << "time,event,host,address,sequence,attempt,from,bytes,ttl,rtt_ms,detail\n"
          << std::flush;
}

void csv_report::happened(const subject& host, const ping::event& what) {
  if (what.kind == kind::sent) return;
  output_ << now_in_seconds() << ',' << word_of(what.kind) << ',' << in_csv(host.name) << ','
          << to_string(host.address) << ',' << what.number << ',' << what.attempt << ',';
  if (has_message(what.kind)) {
    output_ << to_string(what.from) << ',' << what.size << ',';
    if (what.hop_limit) output_ << int{*what.hop_limit};
    output_ << ',' << in_exact_milliseconds(what.round_trip) << ',';
    const bool told = what.kind == kind::refused || what.kind == kind::notice;
    output_ << in_csv(told ? described(*what.message) : remark_on(what));
  } else {
    output_ << ",,,,";
    if (what.kind == kind::not_sent) output_ << in_csv(what.reason.message());
  }
  output_ << '\n' << std::flush;
}

}  // namespace portsock::tools
