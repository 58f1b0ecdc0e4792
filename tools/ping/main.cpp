// SPDX-License-Identifier: MIT
#include <CLI/CLI.hpp>

#include <portsock/program.hpp>
#include <tools/common/command_line.hpp>
#include <tools/common/complaints.hpp>
#include <tools/common/standard_streams.hpp>
#include <tools/ping/ping.hpp>

int main(int argc, char** argv) {
  namespace tools = portsock::tools;
  CLI::App app{"Sends ICMP echo requests to hosts, and prints what comes back.", "sockping"};
  tools::ping_options options;
  tools::declare(app, options);
  const auto asked = portsock::waker::create();  // out here, where it outlives everything
  tools::run_program(app, argc, argv, [&](const portsock::canceller& stop) {
    const tools::complaints complain{"sockping", tools::standard_log()};
    if (!asked) return complain.failed("starting", asked.error());
    if (const auto set = portsock::program::wake_on_inquiry(*asked); !set)
      return complain.failed("starting", set.error());
    return tools::ping(options, tools::standard_output(), tools::standard_log(), stop,
                       {&*asked, [] {
                          return portsock::program::terminal_of(portsock::program::stream::output);
                        }});
  });
}
