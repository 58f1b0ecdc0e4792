// SPDX-License-Identifier: MIT
#include <tools/ping/report.hpp>

#include <tools/ping/data_reports.hpp>

namespace portsock::tools {
namespace {

using kind = ping::event::what;

/// Of several hosts that are asked once: which are there. As fping has it.
class verdicts final : public text_report {
 public:
  using text_report::text_report;

  void opening(const subject&, std::size_t, icmp_access) override {}
  void happened(const subject& host, const ping::event& what) override {
    const bool alive = what.kind == kind::reply;
    const bool dead = what.kind == kind::lost || what.kind == kind::not_sent;
    // Why a host does not answer is of interest where it is one of the results.
    const bool refused = what.kind == kind::refused && !options_.alive && !options_.unreachable;
    if (refused) {
      begin_line();
      output_ << host.name << ": from " << to_string(what.from) << ": " << described(*what.message)
              << '\n';
      if (options_.retries != 0) return;
    }
    if (!alive && !dead && what.kind != kind::refused) return;
    if (what.kind == kind::refused && options_.retries != 0) return;
    if (options_.alive != options_.unreachable && alive != options_.alive) return;
    begin_line();
    output_ << host.name;
    if (options_.alive == options_.unreachable)
      output_ << (alive ? " is alive" : " is unreachable");
    if (alive && options_.alive == options_.unreachable)
      output_ << " (" << in_milliseconds(what.round_trip) << " ms)";
    output_ << '\n' << std::flush;
  }
  void of_host(const subject&, const result_of_host&) override {}
  void of_run(const result_of_run& outcome) override {
    if (options_.alive || options_.unreachable) return;
    const auto& numbers = outcome.numbers;
    output_ << '\n'
            << outcome.hosts << " hosts, " << outcome.answered << " alive, "
            << outcome.hosts - outcome.answered << " unreachable, " << numbers.sent
            << " packets transmitted, " << numbers.received << " received, time "
            << std::chrono::floor<std::chrono::milliseconds>(numbers.elapsed).count() << "ms\n"
            << std::flush;
  }
};

}  // namespace

std::unique_ptr<report> make_report(const ping_options& options, std::ostream& output,
                                    std::ostream& log) {
  if (options.as == format::json) return std::make_unique<json_report>(options, output);
  if (options.as == format::csv) return std::make_unique<csv_report>(options, output, log);
  if (options.has_many() && !options.count) return std::make_unique<verdicts>(options, output, log);
  return std::make_unique<text_report>(options, output, log);
}

void text_report::so_far(const subject& host, const result_of_host& outcome) {
  log_ << host.name << ": " << in_one_line(outcome.numbers) << '\n' << std::flush;
}
void text_report::so_far(const result_of_run& outcome) {
  log_ << outcome.answered << '/' << outcome.hosts << " hosts, " << in_one_line(outcome.numbers)
       << '\n'
       << std::flush;
}

void text_report::opening(const subject& host, std::size_t size, icmp_access how) {
  output_ << "PING " << host.name << " (" << to_string(host.address) << ") " << size
          << " data bytes, " << name_of(how) << '\n'
          << std::flush;
}

void text_report::begin_line() {
  if (options_.timestamps) output_ << '[' << now_in_seconds() << "] ";
}

void text_report::flooded(const ping::event& what) {
  // A dot for each request that is not answered; the reply to it takes it back.
  if (what.kind == kind::sent) output_ << '.';
  if (what.kind == kind::reply) output_ << "\b \b";
  if (what.kind == kind::refused) output_ << "\bE";
  output_ << std::flush;
}

void text_report::happened(const subject& host, const ping::event& what) {
  if (options_.flood) return flooded(what);
  if (what.kind == kind::sent || what.kind == kind::not_sent) return;
  const auto sequence = what.number & 0xffff;
  begin_line();
  if (what.kind == kind::lost) {
    output_ << "no answer from " << to_string(host.address) << ": icmp_seq=" << sequence << '\n'
            << std::flush;
    return;
  }
  if (what.kind == kind::refused || what.kind == kind::notice) {
    output_ << "From " << to_string(what.from) << " icmp_seq=" << sequence << ' '
            << described(*what.message) << '\n'
            << std::flush;
    return;
  }
  if (options_.audible && what.kind == kind::reply) output_ << '\a';
  output_ << what.size << " bytes from " << to_string(what.from) << ": icmp_seq=" << sequence;
  if (what.hop_limit) output_ << " ttl=" << int{*what.hop_limit};
  output_ << " time=" << in_milliseconds(what.round_trip) << " ms" << remark_on(what) << '\n'
          << std::flush;
}

void text_report::of_host(const subject& host, const result_of_host& outcome) {
  const auto& numbers = outcome.numbers;
  output_ << "\n--- " << host.name << " ping statistics ---\n"
          << numbers.sent << " packets transmitted, " << numbers.received << " received, ";
  if (numbers.duplicates != 0) output_ << '+' << numbers.duplicates << " duplicates, ";
  if (numbers.corrupted != 0) output_ << '+' << numbers.corrupted << " corrupted, ";
  if (numbers.errors != 0) output_ << '+' << numbers.errors << " errors, ";
  if (numbers.late != 0) output_ << '+' << numbers.late << " late, ";
  if (numbers.out_of_order != 0) output_ << '+' << numbers.out_of_order << " out of order, ";
  output_ << as_percent(numbers.loss()) << "% packet loss, time "
          << std::chrono::floor<std::chrono::milliseconds>(numbers.elapsed).count() << "ms\n";

  const auto& times = numbers.round_trip;
  if (times.count() != 0)
    output_ << "rtt min/avg/max/mdev = " << with_decimals(times.smallest(), 3) << '/'
            << with_decimals(times.mean(), 3) << '/' << with_decimals(times.largest(), 3) << '/'
            << with_decimals(times.deviation(), 3) << " ms\n";
  if (times.count() > 1 && outcome.spread != nullptr)
    output_ << "jitter "
            << in_milliseconds(
                   std::chrono::nanoseconds{static_cast<std::int64_t>(numbers.jitter.mean() * 1e6)})
            << " ms, p50/p90/p99 = " << in_milliseconds(outcome.spread->quantile(0.5)) << '/'
            << in_milliseconds(outcome.spread->quantile(0.9)) << '/'
            << in_milliseconds(outcome.spread->quantile(0.99)) << " ms\n";
  if (const auto runs = numbers.losses.count(); runs != 0)
    output_ << "loss in " << runs << (runs == 1 ? " run" : " runs") << ", the longest of "
            << numbers.losses.longest() << '\n';
  output_ << std::flush;
}

}  // namespace portsock::tools
