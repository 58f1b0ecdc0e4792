// SPDX-License-Identifier: MIT
#include <tools/common/clock_text.hpp>
#include <tools/common/json_line.hpp>
#include <tools/listen/journals.hpp>

namespace portsock::tools {
namespace {

std::string_view word(ending how) noexcept {
  switch (how) {
    case ending::closed:
      return "closed";
    case ending::reset:
      return "reset";
    case ending::idle:
      return "idle";
    case ending::limit:
      return "limit";
    case ending::slow:
      return "slow";
    case ending::stopped:
      break;
  }
  return "stopped";
}

json_line begin(std::string_view event) {
  json_line line;
  line.text("event", event).text("time", utc(std::chrono::system_clock::now()));
  return line;
}

json_line begin(std::string_view event, const party& who) {
  auto line = begin(event);
  line.number("id", who.number)
      .text("transport", to_string(who.over))
      .text("local", to_string(who.local))
      .text("peer", to_string(who.peer));
  return line;
}

/// tools/schemas tells what there can be, and tests/tools/e2e/schemas.py holds it to that.
class json_journal : public journal {
 public:
  explicit json_journal(std::ostream& output) : output_{output} {}

  void listening(carrier over, const place& local) override {
    write(begin("listening").text("transport", to_string(over)).text("local", to_string(local)));
  }
  void connected(const party& who) override { write(begin("connected", who)); }
  void refused(const party& who) override { write(begin("refused", who)); }
  void datagram(const party& who, bool truncated) override {
    write(begin("datagram", who).number("size", who.received).truth("truncated", truncated));
  }
  void unanswered(const party& who, error reason) override {
    write(begin("unanswered", who).text("error", reason.message()));
  }
  void left(const party& who, ending how, std::optional<error> reason,
            std::chrono::duration<double> lasted) override {
    auto line = begin("left", who);
    line.text("reason", word(how));
    if (reason) line.text("error", reason->message());
    write(line.number("received", who.received)
              .number("sent", who.sent)
              .number("seconds", lasted.count()));
  }
  void statistics(const totals& so_far, double seconds, double bytes_per_second) override {
    write(filled("statistics", so_far, seconds).number("bytes_per_second", bytes_per_second));
  }
  void stopped(const totals& all, double seconds) override {
    write(filled("stopped", all, seconds));
  }

 private:
  static json_line filled(std::string_view event, const totals& all, double seconds) {
    auto line = begin(event);
    return line.number("clients", all.clients)
        .number("clients_now", all.clients_now)
        .number("datagrams", all.datagrams)
        .number("received", all.received)
        .number("sent", all.sent)
        .number("refused", all.refused)
        .number("seconds", seconds);
  }
  void write(const json_line& line) { output_ << line.line() << std::flush; }

  std::ostream& output_;
};

}  // namespace

std::unique_ptr<journal> make_json_journal(std::ostream& output) {
  return std::make_unique<json_journal>(output);
}

std::unique_ptr<journal> make_journal(const listen_options& options, bool mixed,
                                      std::ostream& output, std::ostream& log) {
  if (options.json) return make_json_journal(output);
  return make_text_journal(options.quiet, mixed, log);
}

}  // namespace portsock::tools
