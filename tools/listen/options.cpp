// SPDX-License-Identifier: MIT
#include <CLI/CLI.hpp>
#include <algorithm>

#include <tools/common/address_text.hpp>
#include <tools/common/arguments.hpp>
#include <tools/common/command_line.hpp>
#include <tools/listen/listen.hpp>
#include <tools/measure/measure.hpp>

namespace portsock::tools {
namespace {

/// One network of --allow or --deny; an address alone is a network of one.
prefix network_argument(const std::string& text) {
  if (const auto network = parse_prefix(text)) return *network;
  if (const auto address = parse_address(text))
    return *prefix::of(*address, family_of(*address) == family::v4 ? 32 : 128);
  throw CLI::ValidationError{"network \"" + text +
                             "\": must be such as 10.0.0.0/8, 192.0.2.1 or 2001:db8::/32"};
}

ip_address group_argument(const std::string& text) {
  const auto group = parse_address(text);
  if (group && is_multicast(*group)) return *group;
  throw CLI::ValidationError{"group \"" + text + "\": must be such as 239.1.2.3 or ff02::1234"};
}

void declare_bytes(CLI::App& app, listen_options& options) {
  const std::string topic = "What becomes of what comes";
  auto* discard = app.add_flag("--discard", options.discard, "Nothing: it is thrown away");
  auto* output = app.add_option("--output", options.output, "It is written to this file")
                     ->type_name("FILE")
                     ->excludes(discard);
  auto* folder = app.add_option("--output-dir", options.output_folder,
                                "Each client, or datagram, is written to a file of its own here")
                     ->type_name("DIR")
                     ->excludes(discard)
                     ->excludes(output);
  auto* name = app.add_option("--name", options.file_name,
                              "Of these files: %n is the client's number, %a its address, %p its "
                              "port (%n-%a)")
                   ->type_name("PATTERN")
                   ->needs(folder);
  auto* label = app.add_flag("--label", options.label,
                             "Each line follows the time and who sent it; lines stay whole")
                    ->excludes(folder);
  auto* dump = app.add_flag("--hexdump", options.hexdump,
                            "Both directions in hexadecimal and ASCII, with their offsets")
                   ->excludes(label)
                   ->excludes(folder);
  auto* json = app.add_flag("--json", options.json,
                            "Events, one JSON object a line, on standard output; with the bytes, "
                            "unless --output, --output-dir or --discard takes them")
                   ->excludes(label)
                   ->excludes(dump);
  auto* quiet = app.add_flag("-q,--quiet", options.quiet,
                             "Standard error has complaints only, not who comes and goes");
  for (auto* option : {discard, output, folder, name, label, dump, json, quiet})
    option->group(topic);
}

void declare_answers(CLI::App& app, listen_options& options) {
  const std::string topic = "What goes back";
  auto* echo = app.add_flag("--echo", options.echo, "What comes");
  auto* reply = app.add_option("--reply", options.reply,
                               "TEXT, or what is in FILE, once the client has sent something or "
                               "finished; then nothing more. To each datagram")
                    ->type_name("TEXT|@FILE")
                    ->excludes(echo);
  auto* chat = app.add_flag("--chat", options.chat, "What one sends, to all others")
                   ->excludes(echo)
                   ->excludes(reply);
  auto* pipe = app.add_flag("--pipe", options.pipe,
                            "Standard input, to the one client that is served at a time; lines, "
                            "to whoever sent the last datagram")
                   ->excludes(echo)
                   ->excludes(reply)
                   ->excludes(chat);
  for (auto* option : {echo, reply, chat, pipe}) option->group(topic);
}

void declare_limits(CLI::App& app, listen_options& options) {
  const std::string topic = "Limits";
  auto* count = add_number(app, "--count", options.count,
                           "Ends when so many clients, or datagrams, are done");
  auto* once = app.add_flag("--once", options.once, "As --count 1")->excludes(count);
  auto* clients = add_number(app, "--max-connections", options.most_clients,
                             "Serves so many clients at a time; further ones wait");
  auto* bytes = add_number(app, "--max-bytes", options.most_bytes,
                           "Takes so many bytes from a client, and closes the connection");
  auto* idle = add_seconds(app, "--idle-timeout", options.idle,
                           "Closes a connection on which nothing moved for so long");
  auto* allow = add_list(app, "--allow", options.allow, network_argument,
                         "Serves these alone: addresses, or networks such as 10.0.0.0/8 (not for "
                         "unix:)")
                    ->type_name("NETWORK,...");
  auto* deny = add_list(app, "--deny", options.deny, network_argument,
                        "Refuses these, also when they are allowed (not for unix:)")
                   ->type_name("NETWORK,...");
  for (auto* option : {count, once, clients, bytes, idle, allow, deny}) option->group(topic);
}

void declare_sockets(CLI::App& app, listen_options& options) {
  const std::string topic = "Sockets";
  auto* udp = app.add_flag("--udp", options.datagram,
                           "Datagrams (UDP), not connections (TCP), where ADDRESS does not say");
  auto* backlog = add_number(app, "--backlog", options.backlog,
                             "Connections that may wait to be accepted (as many as the system "
                             "allows)");
  auto* buffer = add_number(app, "--receive-buffer", options.receive_buffer,
                            "Of each socket, in bytes (as the system has it)");
  auto* share = app.add_flag_callback(
      "--share", [&options] { options.policy = bind_policy::shared; },
      "Several programs hear the same multicasts");
  auto* balance = app.add_flag_callback(
                         "--balance", [&options] { options.policy = bind_policy::load_balanced; },
                         "The system spreads what arrives over the programs that listen so")
                      ->excludes(share);
  auto* everyone = app.add_flag("--everyone", options.everyone,
                                "Lets all users of this host connect to unix: addresses, not this "
                                "one alone");
  auto* groups = add_list(app, "--multicast", options.groups, group_argument,
                          "Hears these groups, on UDP addresses of their family")
                     ->type_name("GROUP,...");
  auto* by = app.add_option("--interface", options.by_interface, "Hears groups on this interface")
                 ->type_name("NAME")
                 ->needs(groups);
  for (auto* option : {udp, backlog, buffer, share, balance, everyone, groups, by})
    option->group(topic);
}

void declare_scripts(CLI::App& app, listen_options& options) {
  const std::string topic = "For scripts";
  auto* port = app.add_flag("--print-port", options.print_port,
                            "The number of each port, a line each, before all other output");
  auto* file = app.add_option("--ready-file", options.ready_file,
                              "Appears once all ports are open; a line each, such as \"tcp "
                              "127.0.0.1:7777\"")
                   ->type_name("FILE");
  auto* statistics = add_seconds(app, "--statistics", options.statistics,
                                 "Tells what came and went each time so much has passed, and at "
                                 "the end");
  for (auto* option : {port, file, statistics}) option->group(topic);
}

}  // namespace

listen_address listen_address::from(std::string_view text) {
  if (const auto local = split_local(text))
    return {.host = {},
            .over = local->datagrams ? std::optional{transport::udp} : std::nullopt,
            .local = local->at};
  const auto parts = split_address(text);
  if (parts.port) return {parts.host, port_argument(*parts.port, parts.over), parts.over, {}};
  // What stands alone is a port; an address that stands alone is half of what is needed.
  if (parts.host.find_first_of(":[.") != std::string::npos)
    throw CLI::ValidationError{"address \"" + std::string{text} +
                               "\": must be PORT, HOST:PORT or [IPV6]:PORT"};
  return {"", port_argument(parts.host, parts.over), parts.over, {}};
}

void declare(CLI::App& app, listen_options& options) {
  const auto store = [&options](const std::vector<std::string>& texts) {
    for (const auto& text : texts) options.addresses.push_back(listen_address::from(text));
  };
  app.add_option_function<std::vector<std::string>>(
         "ADDRESS", store,
         "PORT, HOST:PORT or [IPV6]:PORT, after tcp:// or udp:// if need be. Without a host, all "
         "IPv4 and IPv6 addresses of this host. A port is a number or a service such as http; 0 "
         "lets the system choose. unix:PATH and unix-dgram:PATH are sockets inside this host")
      ->required()
      ->type_name("");
  declare_bytes(app, options);
  declare_answers(app, options);
  declare_limits(app, options);
  declare_sockets(app, options);
  declare_scripts(app, options);
  declare_measuring(app, options);
  app.parse_complete_callback([&options] {
    const bool local = std::ranges::any_of(
        options.addresses, [](const listen_address& where) { return where.local.has_value(); });
    if (local && options.policy != bind_policy::exclusive)
      throw CLI::ValidationError{"a unix: address cannot be had by several (--share, --balance)"};
  });

  app.footer(
      "What arrives goes to standard output, byte for byte; who sent how much, to standard "
      "error.\n"
      "Ctrl-C and SIGTERM end it: what has arrived is still taken, and what was begun is sent.\n\n"
      "Examples:\n"
      "  socklisten 7777                              prints what comes over TCP\n"
      "  socklisten --echo tcp://7 udp://7            the echo service, over both\n"
      "  socklisten --once --output a.tar 7777        takes one file\n"
      "  socklisten --reply @page.http 8080           answers each request with a file\n"
      "  socklisten --echo unix:/tmp/echo.sock 7          inside this host, and TCP\n"
      "  socklisten --chat --label --allow 10.0.0.0/8 7777\n"
      "  socklisten --udp --multicast 239.1.2.3 --share 5000\n"
      "  socklisten --measure 7777                    for socksend --measure\n\n"
      "Exit codes: 0 done, or Ctrl-C; 1 the network or the system said no; 2 wrong usage.");
}

}  // namespace portsock::tools
