// SPDX-License-Identifier: MIT
#include <CLI/CLI.hpp>

#include <tools/common/command_line.hpp>
#include <tools/listen/listen.hpp>

namespace portsock::tools {

listen_address listen_address::from(std::string_view text) {
  const auto colon = text.rfind(':');
  if (colon == text.npos) return {"", port_argument(text)};
  const auto host = text.substr(0, colon);
  const bool bracketed = host.starts_with('[') && host.ends_with(']');
  if (host.empty() || (!bracketed && host.find_first_of(":[]") != host.npos))
    throw CLI::ValidationError{"address \"" + std::string{text} +
                               "\": must be PORT, HOST:PORT or [IPV6]:PORT"};
  return {std::string{host}, port_argument(text.substr(colon + 1))};
}

void declare(CLI::App& app, listen_options& options) {
  const auto store = [&options](const std::vector<std::string>& texts) {
    for (const auto& text : texts) options.addresses.push_back(listen_address::from(text));
  };
  app.add_option_function<std::vector<std::string>>(
         "ADDRESS", store,
         "PORT, HOST:PORT or [IPV6]:PORT. Without a host, all IPv4 and IPv6 addresses of this "
         "host. "
         "Port 0 lets the system choose")
      ->required()
      ->type_name("");
  app.add_flag("--udp", options.datagram, "Takes datagrams (UDP), not connections (TCP)");
  app.add_flag("--echo", options.echo, "Sends back what comes");
  app.add_flag("--once", options.once, "Ends when the first client, or datagram, is done");

  app.footer(
      "What arrives goes to standard output, byte for byte; who sent how much, to standard "
      "error.\n\n"
      "Exit codes: 0 done, or Ctrl-C; 1 the network or the system said no; 2 wrong usage.");
}

}  // namespace portsock::tools
