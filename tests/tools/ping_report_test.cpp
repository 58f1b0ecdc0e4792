// SPDX-License-Identifier: MIT
#include <gtest/gtest.h>

#include <sstream>
#include <string>

#include <tools/ping/report.hpp>

namespace portsock::tools {
namespace {

using namespace literals;
using namespace std::chrono_literals;

template <class Print>
std::string printed(Print print) {
  std::ostringstream output;
  report told{output, "localhost", false};
  print(told);
  return output.str();
}

std::string time_of(std::chrono::nanoseconds round_trip) {
  const auto line = printed([&](report& told) {
    told.replied({.from = "127.0.0.1"_ip, .size = 64, .round_trip = round_trip});
  });
  return line.substr(line.find("time="));
}

TEST(PingReport, OpensWithTheTargetAndTheWayThere) {
  EXPECT_EQ(printed([](report& told) { told.opening("127.0.0.1"_ip, 56, icmp_access::raw); }),
            "PING localhost (127.0.0.1) 56 data bytes, raw socket\n");
  EXPECT_EQ(printed([](report& told) { told.opening("::1"_ip, 0, icmp_access::datagram); }),
            "PING localhost (::1) 0 data bytes, datagram socket\n");
  EXPECT_EQ(printed([](report& told) { told.opening("::1"_ip, 8, icmp_access::system); }),
            "PING localhost (::1) 8 data bytes, system service\n");
}

TEST(PingReport, LeavesOutAHopLimitThatIsNotKnown) {
  EXPECT_EQ(printed([](report& told) {
              told.replied({.from = "fe80::1%2"_ip, .size = 8, .sequence = 65535});
            }),
            "8 bytes from fe80::1%2: icmp_seq=65535 time=0.000 ms\n");
}

TEST(PingReport, PrintsTimesWithThreeDigits) {
  EXPECT_EQ(time_of(43'400ns), "time=0.043 ms\n");
  EXPECT_EQ(time_of(999'400ns), "time=0.999 ms\n");
  EXPECT_EQ(time_of(999'600ns), "time=1.00 ms\n");
  EXPECT_EQ(time_of(1'234us), "time=1.23 ms\n");
  EXPECT_EQ(time_of(9'996us), "time=10.0 ms\n");
  EXPECT_EQ(time_of(12'345us), "time=12.3 ms\n");
  EXPECT_EQ(time_of(99'960us), "time=100 ms\n");
  EXPECT_EQ(time_of(1'234'567us), "time=1235 ms\n");
}

TEST(PingReport, SumsUp) {
  statistics numbers{.sent = 4, .received = 4, .elapsed = 3004ms + 900us};
  for (const double time : {0.031, 0.048, 0.040, 0.041}) numbers.round_trip.add(time);

  EXPECT_EQ(printed([&](report& told) { told.summary(numbers); }),
            "\n--- localhost ping statistics ---\n"
            "4 packets transmitted, 4 received, 0% packet loss, time 3004ms\n"
            "rtt min/avg/max/mdev = 0.031/0.040/0.048/0.006 ms\n");
}

TEST(PingReport, HasNoTimesWhenNothingWasReceived) {
  EXPECT_EQ(printed([](report& told) { told.summary({.sent = 3, .errors = 3, .elapsed = 2s}); }),
            "\n--- localhost ping statistics ---\n"
            "3 packets transmitted, 0 received, +3 errors, 100% packet loss, time 2000ms\n");
}

TEST(PingReport, NamesAllThatWentWrong) {
  EXPECT_EQ(
      printed([](report& told) {
        told.summary(
            {.sent = 3, .received = 2, .duplicates = 4, .corrupted = 5, .late = 1, .errors = 6});
      }),
      "\n--- localhost ping statistics ---\n"
      "3 packets transmitted, 2 received, +4 duplicates, +5 corrupted, +6 errors, +1 late, "
      "33.3333% packet loss, time 0ms\n");
}

}  // namespace
}  // namespace portsock::tools
