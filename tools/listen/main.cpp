// SPDX-License-Identifier: MIT
#include <CLI/CLI.hpp>
#include <iostream>

#include <tools/common/command_line.hpp>
#include <tools/common/standard_streams.hpp>
#include <tools/listen/listen.hpp>

int main(int argc, char** argv) {
  namespace tools = portsock::tools;
  CLI::App app{"Listens on TCP or UDP ports, prints what comes in, and answers if asked to.",
               "socklisten"};
  tools::listen_options options;
  tools::declare(app, options);
  tools::run_program(app, argc, argv, [&](const portsock::canceller& stop) {
    return tools::listen(options, tools::standard_input(), tools::standard_output(), std::cerr,
                         stop);
  });
}
