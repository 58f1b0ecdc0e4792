// SPDX-License-Identifier: MIT
#include <gtest/gtest.h>

#include <CLI/CLI.hpp>
#include <sstream>
#include <string>
#include <vector>

#include <tools/common/command_line.hpp>
#include <tools/send/send.hpp>

namespace portsock::tests {
namespace {

using tools::exit_code;

exit_code parsed(std::vector<std::string> arguments, std::string& log) {
  CLI::App app{"", "socksend"};
  tools::send_options options;
  tools::declare(app, options);
  arguments.insert(arguments.begin(), "socksend");
  std::ostringstream output;
  std::ostringstream complaints;
  const auto code = tools::parse(app, arguments, output, complaints);
  log = complaints.str();
  return code.value_or(exit_code::ok);
}

TEST(MeasureOptions, NeedANetwork) {
  std::string log;
  EXPECT_EQ(parsed({"unix:/run/some.sock", "--measure"}, log), exit_code::usage);
}

TEST(MeasureOptions, AreRefusedWhereTheyMeanNothing) {
  std::string log;
  EXPECT_EQ(parsed({"h", "1", "--measure", "--time", "2", "--parallel", "64"}, log), exit_code::ok)
      << log;
  EXPECT_EQ(parsed({"h", "1", "--measure", "--udp", "--size", "24"}, log), exit_code::ok) << log;
  EXPECT_EQ(parsed({"h", "1", "--measure", "--udp", "--reverse"}, log), exit_code::ok) << log;
  const std::vector<std::vector<std::string>> wrong{{"--time", "2"},
                                                    {"--measure", "--message", "x"},
                                                    {"--measure", "--time", "0"},
                                                    {"--measure", "--parallel", "65"},
                                                    {"--measure", "--parallel", "0"},
                                                    {"--measure", "--size", "64"},
                                                    {"--measure", "--udp", "--size", "23"},
                                                    {"--measure", "--connect-only"}};
  for (auto arguments : wrong) {
    arguments.insert(arguments.begin(), {"h", "1"});
    EXPECT_EQ(parsed(arguments, log), exit_code::usage) << arguments[2] << ' ' << arguments.back();
  }
}

}  // namespace
}  // namespace portsock::tests
