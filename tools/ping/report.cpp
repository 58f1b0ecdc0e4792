// SPDX-License-Identifier: MIT
#include <tools/ping/report.hpp>

#include <array>
#include <cstdio>
#include <variant>

namespace portsock::tools {
namespace {

using std::chrono::milliseconds;

template <class... Numbers>
std::string formatted(const char* format, Numbers... numbers) {
  std::array<char, 128> text;
  const int size = std::snprintf(text.data(), text.size(), format, numbers...);
  return {text.data(), static_cast<std::size_t>(size)};
}

/// Three significant digits, as far as microseconds, like ping: "0.043", "1.23", "12.3", "123".
std::string in_milliseconds(std::chrono::nanoseconds time) {
  const double value = std::chrono::duration<double, std::milli>{time}.count();
  const int decimals = value < 0.9995 ? 3 : value < 9.995 ? 2 : value < 99.95 ? 1 : 0;
  return formatted("%.*f", decimals, value);
}

std::string_view name_of(icmp_access access) {
  switch (access) {
    case icmp_access::raw:
      return "raw socket";
    case icmp_access::datagram:
      return "datagram socket";
    default:
      return "system service";
  }
}

std::string remark_on(const reply& what) {
  switch (what.what) {
    case reply::verdict::duplicate:
      return " (DUP!)";
    case reply::verdict::late:
      return " (late)";
    case reply::verdict::corrupted:
      return " (wrong data at byte " + std::to_string(what.wrong_byte) + ")";
    default:
      return what.truncated ? " (truncated)" : "";
  }
}

/// What some messages say beside their words.
struct details {
  std::string operator()(const icmp::unreachable& error) const {
    return error.mtu == 0 ? "" : mtu(error.mtu);
  }
  std::string operator()(const icmp::packet_too_big& error) const { return mtu(error.mtu); }
  std::string operator()(const icmp::redirect& error) const {
    return " (via " + to_string(error.gateway) + ")";
  }
  std::string operator()(const auto&) const { return ""; }

 private:
  static std::string mtu(std::uint32_t bytes) { return " (mtu " + std::to_string(bytes) + ")"; }
};

}  // namespace

void report::opening(const ip_address& target, std::size_t size, icmp_access access) {
  output_ << "PING " << host_ << " (" << to_string(target) << ") " << size << " data bytes, "
          << name_of(access) << '\n'
          << std::flush;
}

void report::replied(const reply& what) {
  if (quiet_) return;
  output_ << what.size << " bytes from " << to_string(what.from) << ": icmp_seq=" << what.sequence;
  if (what.hop_limit) output_ << " ttl=" << int{*what.hop_limit};
  output_ << " time=" << in_milliseconds(what.round_trip) << " ms" << remark_on(what) << '\n'
          << std::flush;
}

void report::told(const ip_address& from, std::uint16_t sequence, const icmp::message& what) {
  if (quiet_) return;
  output_ << "From " << to_string(from) << " icmp_seq=" << sequence << ' ' << icmp::to_string(what)
          << std::visit(details{}, what) << '\n'
          << std::flush;
}

void report::summary(const statistics& numbers) {
  output_ << "\n--- " << host_ << " ping statistics ---\n"
          << numbers.sent << " packets transmitted, " << numbers.received << " received, ";
  if (numbers.duplicates != 0) output_ << '+' << numbers.duplicates << " duplicates, ";
  if (numbers.corrupted != 0) output_ << '+' << numbers.corrupted << " corrupted, ";
  if (numbers.errors != 0) output_ << '+' << numbers.errors << " errors, ";
  if (numbers.late != 0) output_ << '+' << numbers.late << " late, ";
  output_ << formatted("%.6g", numbers.loss()) << "% packet loss, time "
          << std::chrono::floor<milliseconds>(numbers.elapsed).count() << "ms\n";

  if (const auto& times = numbers.round_trip; times.count() != 0)
    output_ << formatted("rtt min/avg/max/mdev = %.3f/%.3f/%.3f/%.3f ms\n", times.smallest(),
                         times.mean(), times.largest(), times.deviation());
  output_ << std::flush;
}

}  // namespace portsock::tools
