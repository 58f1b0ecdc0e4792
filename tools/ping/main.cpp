// SPDX-License-Identifier: MIT
#include <CLI/CLI.hpp>
#include <iostream>

#include <tools/common/command_line.hpp>
#include <tools/ping/ping.hpp>

int main(int argc, char** argv) {
  namespace tools = portsock::tools;
  CLI::App app{"Sends ICMP echo requests to hosts, and prints what comes back.", "sockping"};
  tools::ping_options options;
  tools::declare(app, options);
  tools::run_program(app, argc, argv, [&](const portsock::canceller& stop) {
    return tools::ping(options, std::cout, std::cerr, stop);
  });
}
