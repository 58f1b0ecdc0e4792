// SPDX-License-Identifier: MIT
#include <CLI/CLI.hpp>

#include <portsock/program.hpp>
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
    using portsock::program::stream;
    if (!portsock::program::is_terminal(stream::output))
      options.output_handle = portsock::program::handle_of(stream::output);
    return tools::listen(options, tools::standard_input(), tools::standard_output(),
                         tools::standard_log(), stop);
  });
}
