// SPDX-License-Identifier: MIT
#include <string>

#include <tools/common/clock_text.hpp>
#include <tools/listen/journals.hpp>

namespace portsock::tools {
namespace {

/// "reset by peer (ECONNRESET)", or what else a connection can end with.
std::string describe(error reason) {
  auto message = reason.message();
  if (reason != errc::connection_reset) return message;
  const auto native = message.find(" (");
  return "reset by peer" + (native == message.npos ? "" : message.substr(native));
}

std::string describe(ending how, std::optional<error> reason) {
  switch (how) {
    case ending::closed:
      return "closed";
    case ending::idle:
      return "closed for being idle";
    case ending::limit:
      return "closed at its limit";
    case ending::slow:
      return "closed for not reading";
    case ending::stopped:
      return "closed by the end of socklisten";
    case ending::reset:
      break;
  }
  return reason ? describe(*reason) : "lost";
}

class text_journal : public journal {
 public:
  text_journal(bool quiet, bool mixed, std::ostream& log)
      : quiet_{quiet}, mixed_{mixed}, log_{log} {}

  void listening(carrier over, const place& local) override {
    only_datagrams_ = has_datagrams(over);
    const auto scheme = std::string{to_string(over)} + (is_local(over) ? ":" : "://");
    say("listening on " + (mixed_ || is_local(over) ? scheme : "") + to_string(local));
  }
  void connected(const party& who) override { say(who, "connected"); }
  void refused(const party& who) override { say(who, "refused"); }
  void datagram(const party& who, bool truncated) override {
    if (!quiet_) say(who, count(who.received, "byte") + (truncated ? ", truncated" : ""));
  }
  void unanswered(const party& who, error reason) override {
    say(who, "not answered: " + reason.message());
  }
  void left(const party& who, ending how, std::optional<error> reason,
            std::chrono::duration<double> /*lasted*/) override {
    if (!quiet_) say(who, describe(how, reason) + ", " + count(who.received, "byte"));
  }
  void statistics(const totals& so_far, double seconds, double bytes_per_second) override {
    write("after " + decimal(seconds, 1) + " s: " + visits(so_far) + ", " +
          std::to_string(so_far.clients_now) + " here, " + amount(double(so_far.received)) +
          " received, " + amount(double(so_far.sent)) + " sent, " + amount(bytes_per_second) +
          "/s");
  }
  void stopped(const totals& all, double /*seconds*/) override {
    say("stopped, " + visits(all) + ", " + count(all.received, "byte"));
  }

 private:
  /// Of the two, those that there could be.
  std::string visits(const totals& all) const {
    const auto clients = count(all.clients, "client");
    const auto datagrams = count(all.datagrams, "datagram");
    if (mixed_) return clients + ", " + datagrams;
    return only_datagrams_ ? datagrams : clients;
  }

  void say(const party& who, std::string_view what) {
    if (!quiet_) say(to_string(who.peer) + ' ' + std::string{what});
  }
  void say(const std::string& line) {
    if (!quiet_) write(line);
  }
  /// In one piece, for standard error writes each piece at once.
  void write(const std::string& line) { log_ << line + '\n' << std::flush; }

  const bool quiet_;
  const bool mixed_;
  bool only_datagrams_ = false;
  std::ostream& log_;
};

}  // namespace

std::unique_ptr<journal> make_text_journal(bool quiet, bool mixed, std::ostream& log) {
  return std::make_unique<text_journal>(quiet, mixed, log);
}

}  // namespace portsock::tools
