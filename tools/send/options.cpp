// SPDX-License-Identifier: MIT
#include <CLI/CLI.hpp>

#include <tools/common/command_line.hpp>
#include <tools/send/send.hpp>

namespace portsock::tools {

void declare(CLI::App& app, send_options& options) {
  app.add_option("HOST", options.host, "A name, or an address such as 192.0.2.1 or 2001:db8::1")
      ->required()
      ->type_name("");
  const auto store_port = [&options](const std::string& text) {
    options.port = port_argument(text);
    if (options.port == 0)
      throw CLI::ValidationError{"port \"0\": nothing listens there; give 1 to 65535"};
  };
  app.add_option_function<std::string>("PORT", store_port, "1 to 65535")->required()->type_name("");

  auto* udp = app.add_flag("--udp", options.datagram, "Sends datagrams (UDP), not a stream (TCP)");
  auto* message =
      app.add_option("--message", options.message, "Sends this text")->type_name("TEXT");
  auto* file = app.add_option("--file", options.file, "Sends the content of this file")
                   ->type_name("PATH")
                   ->excludes(message);
  app.add_flag("--prompt", options.prompt,
               "Asks for one line at a time, and sends each over a connection of its own")
      ->excludes(message)
      ->excludes(file)
      ->excludes(udp);
  add_seconds(app, "--timeout", options.timeout, "How long finding and reaching HOST may take (5)");
  add_seconds(app, "--wait", options.wait,
              "UDP: prints answers until so long after the last datagram (0: none)");

  app.footer(
      "Standard input is sent when there is no --message, --file or --prompt. Answers are printed "
      "to\n"
      "standard output, byte for byte.\n\n"
      "TCP: the end of the input is told to HOST (half-close), whose answer is printed until it "
      "closes\n"
      "too. When HOST closes first, socksend ends as soon as no input comes for a second.\n\n"
      "UDP: a message or a file is one datagram. Each line of other input is one, without its "
      "line\n"
      "ending (LF or CR LF); an empty line is an empty datagram.\n\n"
      "Exit codes: 0 done; 1 the network or the system said no, or Ctrl-C; 2 wrong usage, or input "
      "that\n"
      "cannot be read.");
}

}  // namespace portsock::tools
