// SPDX-License-Identifier: MIT
#include <CLI/CLI.hpp>
#include <cstdint>

#include <tools/common/command_line.hpp>
#include <tools/ping/ping.hpp>

namespace portsock::tools {

void declare(CLI::App& app, ping_options& options) {
  app.add_option("HOST", options.host, "A name, or an address such as 192.0.2.1 or 2001:db8::1")
      ->required()
      ->type_name("");
  app.add_option("-c,--count", options.count, "Ends after so many requests")
      ->check(CLI::Range(std::int64_t{1}, std::int64_t{1'000'000'000'000}))
      ->type_name("COUNT");
  add_seconds(app, "-i,--interval", options.interval, "Between two requests (1)");
  add_seconds(app, "-W,--timeout", options.timeout,
              "How long a reply may take; later ones count as lost (4)");
  // What fits an IPv4 packet behind the two headers.
  app.add_option("-s,--size", options.size, "Payload of each request (56)")
      ->check(CLI::Range(0, 65'507))
      ->type_name("BYTES");
  app.add_option("-t,--ttl", options.hop_limit, "Routers that a request may pass, 1 to 255")
      ->check(CLI::Range(1, 255))
      ->type_name("TTL");
  auto* v4 = app.add_flag_callback("-4", [&options] { options.only = family::v4; }, "IPv4 only");
  app.add_flag_callback("-6", [&options] { options.only = family::v6; }, "IPv6 only")->excludes(v4);
  app.add_flag("-q,--quiet", options.quiet, "Prints the summary alone");

  app.footer(
      "Ctrl-C ends it with the summary. An interval under 0.002 s wants a raw socket; 0 sends as "
      "soon\n"
      "as the last request is answered, or after 10 ms.\n\n"
      "Exit codes: 0 at least one reply came in time; 1 none did, HOST was not found, or the "
      "system said\n"
      "no; 2 wrong usage, or this user may not ping.");
}

}  // namespace portsock::tools
