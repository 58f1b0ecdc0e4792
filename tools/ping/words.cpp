// SPDX-License-Identifier: MIT
#include <tools/ping/words.hpp>

#include <array>
#include <cstdio>
#include <variant>

namespace portsock::tools {
namespace {

template <class... Numbers>
std::string formatted(const char* format, Numbers... numbers) {
  std::array<char, 400> text;
  const int size = std::snprintf(text.data(), text.size(), format, numbers...);
  return {text.data(), static_cast<std::size_t>(size)};
}

double milliseconds_in(std::chrono::nanoseconds time) {
  return std::chrono::duration<double, std::milli>{time}.count();
}

/// What some messages say beside their words.
struct details {
  std::string operator()(const icmp::unreachable& error) const {
    return error.mtu == 0 ? "" : mtu(error.mtu);
  }
  std::string operator()(const icmp::packet_too_big& error) const { return mtu(error.mtu); }
  std::string operator()(const icmp::parameter_problem& error) const {
    return " (at byte " + std::to_string(error.pointer) + ")";
  }
  std::string operator()(const icmp::redirect& error) const {
    return " (via " + to_string(error.gateway) + ")";
  }
  std::string operator()(const auto&) const { return ""; }

 private:
  static std::string mtu(std::uint32_t bytes) { return " (mtu " + std::to_string(bytes) + ")"; }
};

}  // namespace

std::string with_decimals(double value, int decimals) { return formatted("%.*f", decimals, value); }
std::string as_percent(double value) { return formatted("%.6g", value); }

std::string in_milliseconds(std::chrono::nanoseconds time) {
  const double value = milliseconds_in(time);
  return with_decimals(value, value < 0.9995 ? 3 : value < 9.995 ? 2 : value < 99.95 ? 1 : 0);
}
std::string in_exact_milliseconds(std::chrono::nanoseconds time) {
  return with_decimals(milliseconds_in(time), 6);
}

std::string now_in_seconds() {
  const auto now = std::chrono::system_clock::now().time_since_epoch();
  const auto whole = std::chrono::duration_cast<std::chrono::microseconds>(now).count();
  return formatted("%lld.%06lld", static_cast<long long>(whole / 1'000'000),
                   static_cast<long long>(whole % 1'000'000));
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

std::string_view word_of(icmp_access access) {
  const auto name = name_of(access);
  return name.substr(0, name.find(' '));
}

std::string described(const icmp::message& message) {
  return std::string{icmp::to_string(message)} + std::visit(details{}, message);
}

std::string remark_on(const ping::event& what) {
  switch (what.kind) {
    case ping::event::what::duplicate:
      return " (DUP!)";
    case ping::event::what::late:
      return " (late)";
    case ping::event::what::corrupted:
      return " (wrong data at byte " + std::to_string(what.wrong_byte) + ")";
    default:
      return what.truncated ? " (truncated)" : "";
  }
}

std::string in_one_line(const statistics& numbers) {
  auto line = std::to_string(numbers.received) + '/' + std::to_string(numbers.sent) + " packets, " +
              as_percent(numbers.loss()) + "% loss";
  const auto& times = numbers.round_trip;
  if (times.count() != 0)
    line += formatted(", min/avg/ewma/max = %.3f/%.3f/%.3f/%.3f ms", times.smallest(), times.mean(),
                      numbers.smoothed, times.largest());
  return line;
}

}  // namespace portsock::tools
