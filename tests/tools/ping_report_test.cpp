// SPDX-License-Identifier: MIT
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <sstream>
#include <string>

#include <tools/ping/report.hpp>

namespace portsock::tools {
namespace {

using namespace literals;
using namespace std::chrono_literals;
using testing::EndsWith;
using testing::HasSubstr;
using kind = ping::event::what;

const subject localhost{"localhost", "127.0.0.1"_ip};

template <class Print>
std::string printed(Print print, const ping_options& options = {.hosts = {"localhost"}}) {
  std::ostringstream output;
  std::ostringstream log;
  const auto told = make_report(options, output, log);
  print(*told);
  return output.str();
}

std::string line_of(const ping::event& what, const ping_options& options = {.hosts = {"x"}}) {
  return printed([&](report& told) { told.happened(localhost, what); }, options);
}

ping::event reply(std::chrono::nanoseconds round_trip) {
  return {.kind = kind::reply,
          .number = 7,
          .from = "127.0.0.1"_ip,
          .size = 64,
          .hop_limit = 63,
          .round_trip = round_trip};
}

std::string time_of(std::chrono::nanoseconds round_trip) {
  const auto line = line_of(reply(round_trip));
  return line.substr(line.find("time="));
}

TEST(PingReport, OpensWithTheTargetAndTheWayThere) {
  EXPECT_EQ(printed([](report& told) { told.opening(localhost, 56, icmp_access::raw); }),
            "PING localhost (127.0.0.1) 56 data bytes, raw socket\n");
  EXPECT_EQ(printed([](report& told) { told.opening(localhost, 0, icmp_access::datagram); }),
            "PING localhost (127.0.0.1) 0 data bytes, datagram socket\n");
  EXPECT_EQ(printed([](report& told) { told.opening(localhost, 8, icmp_access::system); }),
            "PING localhost (127.0.0.1) 8 data bytes, system service\n");
}

TEST(PingReport, ReadsLikePing) {
  EXPECT_EQ(line_of(reply(43us)), "64 bytes from 127.0.0.1: icmp_seq=7 ttl=63 time=0.043 ms\n");
}

TEST(PingReport, LeavesOutAHopLimitThatIsNotKnown) {
  auto what = reply(0ns);
  what.hop_limit.reset();
  what.from = "fe80::1%2"_ip;
  EXPECT_EQ(line_of(what), "64 bytes from fe80::1%2: icmp_seq=7 time=0.000 ms\n");
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

TEST(PingReport, RemarksOnRepliesThatAreNotAsTheyShouldBe) {
  auto what = reply(1ms);
  what.truncated = true;
  EXPECT_THAT(line_of(what), EndsWith(" ms (truncated)\n"));
  what.kind = kind::duplicate;
  EXPECT_THAT(line_of(what), EndsWith(" ms (DUP!)\n"));
  what.kind = kind::late;
  EXPECT_THAT(line_of(what), EndsWith(" ms (late)\n"));
  what.kind = kind::corrupted;
  what.wrong_byte = 20;
  EXPECT_THAT(line_of(what), EndsWith(" ms (wrong data at byte 20)\n"));
}

std::string refusal(const icmp::message& message) {
  return line_of({.kind = kind::refused, .number = 1, .from = "10.0.0.1"_ip, .message = &message});
}

TEST(PingReport, SaysWhoRefusedARequestAndWhy) {
  EXPECT_EQ(refusal(icmp::unreachable{.code = 1}),
            "From 10.0.0.1 icmp_seq=1 destination host unreachable\n");
  EXPECT_EQ(refusal(icmp::time_exceeded{}), "From 10.0.0.1 icmp_seq=1 time to live exceeded\n");
  EXPECT_EQ(refusal(icmp::unreachable{.code = 4, .mtu = 1400}),
            "From 10.0.0.1 icmp_seq=1 fragmentation needed (mtu 1400)\n");
  EXPECT_EQ(refusal(icmp::parameter_problem{.pointer = 20}),
            "From 10.0.0.1 icmp_seq=1 erroneous header field (at byte 20)\n");
  EXPECT_THAT(refusal(icmp::redirect{.code = 1, .gateway = "10.0.0.2"_ip}),
              EndsWith(" (via 10.0.0.2)\n"));
}

TEST(PingReport, SaysWhichHostsAreThere) {
  const ping_options many{.hosts = {"a", "b"}};
  EXPECT_EQ(line_of(reply(43us), many), "localhost is alive (0.043 ms)\n");
  EXPECT_EQ(line_of({.kind = kind::lost}, many), "localhost is unreachable\n");
}

TEST(PingReport, ListsTheHostsOfOneKindAlone) {
  const ping_options alive{.hosts = {"a", "b"}, .alive = true};
  EXPECT_EQ(line_of(reply(43us), alive), "localhost\n");
  EXPECT_EQ(line_of({.kind = kind::lost}, alive), "");
  const ping_options dead{.hosts = {"a", "b"}, .unreachable = true};
  EXPECT_EQ(line_of(reply(43us), dead), "");
  EXPECT_EQ(line_of({.kind = kind::lost}, dead), "localhost\n");
}

TEST(PingReport, SumsUp) {
  statistics numbers{.sent = 4, .received = 4, .elapsed = 3004ms + 900us};
  for (const double time : {0.031, 0.048, 0.040, 0.041}) numbers.round_trip.add(time);

  EXPECT_EQ(printed([&](report& told) { told.of_host(localhost, {numbers, nullptr}); }),
            "\n--- localhost ping statistics ---\n"
            "4 packets transmitted, 4 received, 0% packet loss, time 3004ms\n"
            "rtt min/avg/max/mdev = 0.031/0.040/0.048/0.006 ms\n");
}

TEST(PingReport, SaysInALineOfTheLogHowItGoes) {
  statistics numbers{.sent = 4, .received = 3, .smoothed = 0.0395};
  for (const double time : {0.031, 0.048, 0.041}) numbers.round_trip.add(time);
  const ping_options options{.hosts = {"localhost"}};
  std::ostringstream output;
  std::ostringstream log;
  const auto told = make_report(options, output, log);

  told->so_far(localhost, {numbers, nullptr});
  told->so_far({.numbers = {.sent = 2}, .spread = {}, .hosts = 2, .answered = 0});

  EXPECT_EQ(output.str(), "");
  EXPECT_EQ(log.str(),
            "localhost: 3/4 packets, 25% loss, min/avg/ewma/max = 0.031/0.040/0.040/0.048 ms\n"
            "0/2 hosts, 0/2 packets, 100% loss\n");
}

TEST(PingReport, NamesAllThatWentWrong) {
  statistics numbers{.sent = 3,
                     .received = 2,
                     .duplicates = 4,
                     .corrupted = 5,
                     .late = 1,
                     .errors = 6,
                     .out_of_order = 7};
  numbers.losses.add(1, false);
  EXPECT_EQ(printed([&](report& told) { told.of_host(localhost, {numbers, nullptr}); }),
            "\n--- localhost ping statistics ---\n"
            "3 packets transmitted, 2 received, +4 duplicates, +5 corrupted, +6 errors, +1 late, "
            "+7 out of order, 33.3333% packet loss, time 0ms\n"
            "loss in 1 run, the longest of 1\n");
}

TEST(PingReport, EscapesWhatJsonHasNoPlaceFor) {
  const ping_options json{.hosts = {"x"}, .as = format::json};
  const auto line = printed(
      [&](report& told) {
        told.happened({"a\"b\\c\n", "127.0.0.1"_ip}, {.kind = kind::lost, .number = 3});
      },
      json);
  EXPECT_THAT(line, HasSubstr(R"("event":"lost")"));
  EXPECT_THAT(line, HasSubstr(R"("host":"a\"b\\c\u000a")"));
  EXPECT_THAT(line, EndsWith("\"sequence\":3,\"attempt\":0}\n"));
}

TEST(PingReport, HasAColumnForEverythingInCsv) {
  const ping_options csv{.hosts = {"x"}, .as = format::csv};
  const auto text = line_of(reply(1'234'567ns), csv);
  EXPECT_THAT(text, HasSubstr(",reply,localhost,127.0.0.1,7,0,127.0.0.1,64,63,1.234567,\n"));
  EXPECT_THAT(line_of({.kind = kind::lost, .number = 2}, csv),
              HasSubstr(",lost,localhost,127.0.0.1,2,0,,,,,\n"));
}

}  // namespace
}  // namespace portsock::tools
