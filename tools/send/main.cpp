// SPDX-License-Identifier: MIT
#include <CLI/CLI.hpp>

#include <portsock/program.hpp>
#include <tools/common/command_line.hpp>
#include <tools/common/standard_streams.hpp>
#include <tools/send/send.hpp>

int main(int argc, char** argv) {
  namespace tools = portsock::tools;
  CLI::App app{"Sends standard input to a host over TCP or UDP, and prints the answer.",
               "socksend"};
  tools::send_options options;
  tools::declare(app, options);
  tools::run_program(app, argc, argv, [&](const portsock::canceller& stop) {
    options.progress =
        options.file && portsock::program::is_terminal(portsock::program::stream::log);
    // A person's lines go as they are typed.
    if (!portsock::program::is_terminal(portsock::program::stream::input))
      options.input_handle = portsock::program::handle_of(portsock::program::stream::input);
    return tools::send(options, tools::standard_input(), tools::standard_output(),
                       tools::standard_log(), stop);
  });
}
