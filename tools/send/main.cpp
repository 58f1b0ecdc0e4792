// SPDX-License-Identifier: MIT
#include <CLI/CLI.hpp>
#include <iostream>

#include <tools/common/command_line.hpp>
#include <tools/send/send.hpp>

int main(int argc, char** argv) {
  namespace tools = portsock::tools;
  CLI::App app{"Sends standard input to a host over TCP or UDP, and prints the answer.",
               "socksend"};
  tools::send_options options;
  tools::declare(app, options);
  tools::run_program(app, argc, argv, [&](const portsock::canceller& stop) {
    // Not owned: standard input outlives every thread.
    const std::shared_ptr<std::istream> input{std::shared_ptr<void>{}, &std::cin};
    return tools::send(options, input, std::cout, std::cerr, stop);
  });
}
