// SPDX-License-Identifier: MIT
#include <CLI/CLI.hpp>

#include <portsock/address.hpp>
#include <tools/common/address_text.hpp>
#include <tools/common/arguments.hpp>
#include <tools/common/command_line.hpp>
#include <tools/send/send.hpp>
#include <tools/send/sources.hpp>

namespace portsock::tools {
namespace {

std::uint16_t peer_port(std::string_view text, std::optional<transport> over) {
  const auto port = port_argument(text, over);
  if (port == 0) throw CLI::ValidationError{"port \"0\": nothing listens there; give 1 to 65535"};
  return port;
}

/// "80", "http", or "8000-8010".
void store_ports(send_options& options, std::string_view text, std::optional<transport> over) {
  const auto dash = text.find('-');
  const auto first = dash == text.npos ? std::nullopt : parse_port(text.substr(0, dash));
  if (!first) {
    options.port = peer_port(text, over);
    return;
  }
  options.port = peer_port(text.substr(0, dash), over);
  options.last_port = peer_port(text.substr(dash + 1), over);
  if (options.last_port < options.port)
    throw CLI::ValidationError{"ports \"" + std::string{text} +
                               "\": the first must not be greater"};
}

/// HOST PORT, HOST:PORT, and each after a scheme; unix:PATH.
void store_peer(send_options& options, const std::vector<std::string>& words) {
  if (const auto local = split_local(words.front())) {
    options.local = local->at;
    if (local->datagrams) options.datagram = true;
    if (words.size() == 2)
      throw CLI::ValidationError{"port \"" + words.back() + "\": " + words.front() + " has none"};
    return;
  }
  const auto parts = split_address(words.front());
  options.host = parts.host;
  if (parts.over) options.datagram = *parts.over == transport::udp;
  if (words.size() == 1 && !parts.port) throw CLI::RequiredError{"PORT"};
  if (words.size() == 2 && parts.port)
    throw CLI::ValidationError{"port \"" + words.back() + "\": " + words.front() +
                               " has one already"};
  store_ports(options, words.size() == 2 ? words.back() : *parts.port, parts.over);
}

void declare_sources(CLI::App& app, send_options& options) {
  const std::string topic = "What is sent (standard input, if nothing is said)";
  auto* message = app.add_option("--message", options.message, "This text")->type_name("TEXT");
  const auto store_hexadecimal = [&options](const std::string& text) {
    options.message = from_hexadecimal(text);
    if (!options.message)
      throw CLI::ValidationError{"--hex \"" + text + "\": must be pairs such as 48 65 6c"};
  };
  auto* hex = app.add_option_function<std::string>("--hex", store_hexadecimal,
                                                   "These bytes: pairs of hexadecimal digits")
                  ->type_name("DIGITS");
  auto* file = app.add_option("--file", options.file,
                              "The content of this file; on a terminal, tells how far it is")
                   ->type_name("PATH");
  auto* zero = app.add_option_function<std::string>(
                      "--zero",
                      [&options](const std::string& text) {
                        options.zeros = number_argument("--zero", text, UINT64_MAX);
                      },
                      "So many bytes of value 0")
                   ->type_name("N");
  auto* random = app.add_option_function<std::string>(
                        "--random",
                        [&options](const std::string& text) {
                          options.random = number_argument("--random", text, UINT64_MAX);
                        },
                        "So many random bytes")
                     ->type_name("N");
  auto* prompt = app.add_flag("--prompt", options.prompt,
                              "Asks for one line at a time, and sends each over a connection of "
                              "its own");
  const std::vector<CLI::Option*> all{message, hex, file, zero, random, prompt};
  for (std::size_t i = 0; i < all.size(); ++i) {
    all[i]->group(topic);
    for (std::size_t j = 0; j < i; ++j) all[j]->excludes(all[i]);
  }
}

void declare_pieces(CLI::App& app, send_options& options) {
  const std::string topic = "In which pieces, and when";
  auto* lines = app.add_flag_callback(
      "--lines", [&options] { options.frame = framing::lines; },
      "Each line; over UDP without its ending (what is done with standard input)");
  auto* blocks = app.add_flag_callback(
                        "--blocks", [&options] { options.frame = framing::blocks; },
                        "Whatever there is to read at a time")
                     ->excludes(lines);
  auto* size = app.add_option_function<std::string>(
                      "--size",
                      [&options](const std::string& text) {
                        options.size =
                            static_cast<std::size_t>(number_argument("--size", text, 65'507));
                        if (options.size == 0)
                          throw CLI::ValidationError{"--size \"0\": must be at least 1"};
                        options.frame = framing::sized;
                      },
                      "So many bytes; the last piece may have fewer")
                   ->type_name("N")
                   ->excludes(lines)
                   ->excludes(blocks);
  auto* repeat = add_number(app, "--repeat", options.repeat, "Sends a message or a file so often");
  auto* rate = add_number(app, "--rate", options.rate,
                          "At most so many bytes, or over UDP datagrams, per second");
  auto* interval =
      add_seconds(app, "--interval", options.interval, "Waits so long between two pieces");
  auto* delay = add_seconds(app, "--delay", options.delay, "Waits so long before the first");
  for (auto* option : {lines, blocks, size, repeat, rate, interval, delay}) option->group(topic);
}

void declare_connection(CLI::App& app, send_options& options) {
  const std::string topic = "The connection";
  auto* udp = app.add_flag("--udp", options.datagram, "Sends datagrams (UDP), not a stream (TCP)")
                  ->excludes("--prompt");
  auto* v4 = app.add_flag_callback(
      "-4", [&options] { options.only = family::v4; }, "IPv4 addresses of HOST alone");
  auto* v6 = app.add_flag_callback(
                    "-6", [&options] { options.only = family::v6; }, "IPv6 addresses of HOST alone")
                 ->excludes(v4);
  const auto store_source = [&options](const std::string& text) {
    options.source = parse_address(text);
    if (!options.source)
      throw CLI::ValidationError{"--source \"" + text + "\": must be an address of this host"};
  };
  auto* source =
      app.add_option_function<std::string>("--source", store_source, "Sends from this address")
          ->type_name("ADDRESS");
  auto* source_port =
      app.add_option_function<std::string>(
             "--source-port",
             [&options](const std::string& text) { options.source_port = port_argument(text); },
             "Sends from this port")
          ->type_name("PORT");
  auto* source_path = app.add_option_function<std::string>(
                             "--source-path",
                             [&options](const std::string& text) {
                               options.source_path = split_local("unix:" + text)->at;
                             },
                             "unix-dgram: sends from this path, where answers come")
                          ->type_name("PATH");
  auto* timeout = add_seconds(app, "--timeout", options.timeout,
                              "How long finding and reaching HOST may take (5)");
  auto* retries = add_number(app, "--retries", options.retries,
                             "Tries so often again, after 0.1 s, 0.2 s, 0.4 s … up to 10 s");
  auto* wait = app.add_option_function<std::string>(
                      "--wait",
                      [&options](const std::string& text) {
                        options.wait = seconds_argument("--wait", text);
                      },
                      "Prints answers until so long after all is sent (over UDP 0, over TCP until "
                      "the peer closes)")
                   ->type_name("SECONDS");
  auto* no_shutdown = app.add_flag("--no-shutdown", options.no_shutdown,
                                   "Does not tell the peer that the input has ended");
  auto* linger = app.add_option_function<std::string>(
                        "--linger",
                        [&options](const std::string& text) {
                          if (text != "0")
                            throw CLI::ValidationError{"--linger \"" + text + "\": must be 0"};
                          options.reset = true;
                        },
                        "0: ends the connection with a reset")
                     ->type_name("0");
  auto* scan = app.add_flag("--connect-only", options.connect_only,
                            "Tells whether the port accepts connections, or which of PORT-PORT do; "
                            "succeeds if any does")
                   ->excludes(udp);
  for (auto* option : {udp, v4, v6, source, source_port, source_path, timeout, retries, wait,
                       no_shutdown, linger, scan})
    option->group(topic);
}

void declare_sockets(CLI::App& app, send_options& options) {
  const std::string topic = "Socket options";
  auto* no_delay = app.add_flag("--no-delay", options.no_delay, "TCP: sends small pieces at once");
  auto* keep_alive = app.add_option_function<std::string>(
                            "--keep-alive",
                            [&options](const std::string& text) {
                              options.keep_alive = std::chrono::seconds{
                                  number_argument("--keep-alive", text, 32'767)};
                            },
                            "TCP: probes a connection that was idle for so many seconds")
                         ->type_name("SECONDS");
  auto* broadcast = app.add_flag("--broadcast", options.broadcast,
                                 "UDP: HOST is a broadcast address; anybody may answer");
  auto* fragment = app.add_flag("--dont-fragment", options.dont_fragment,
                                "UDP: what is too long for a link fails");
  const auto ranged = [&app](const std::string& name, std::optional<int>& value,
                             std::uint64_t least, std::uint64_t most, std::string description) {
    return app
        .add_option_function<std::string>(
            name,
            [name, &value, least, most](const std::string& text) {
              const auto number = number_argument(name, text, most);
              if (number < least)
                throw CLI::ValidationError{name + " \"" + text + "\": must be at least " +
                                           std::to_string(least)};
              value = static_cast<int>(number);
            },
            std::move(description))
        ->type_name("N");
  };
  auto* ttl = ranged("--ttl", options.hop_limit, 1, 255, "Routers that packets may pass");
  auto* dscp = ranged("--dscp", options.dscp, 0, 63, "The class of the packets (RFC 2474)");
  auto* send_buffer =
      add_number(app, "--send-buffer", options.send_buffer, "In bytes (as the system has it)");
  auto* receive_buffer = add_number(app, "--receive-buffer", options.receive_buffer,
                                    "In bytes (as the system has it)");
  auto* device = app.add_option("--device", options.device,
                                "Everything leaves by this interface, whatever the routes say")
                     ->type_name("NAME");
  auto* by_interface =
      app.add_option("--interface", options.by_interface, "Multicasts leave by this interface")
          ->type_name("NAME");
  auto* no_loop = app.add_flag("--no-loop", options.no_loop,
                               "This host does not hear the multicasts (on Windows the receiver "
                               "decides)");
  for (auto* option : {no_delay, keep_alive, broadcast, fragment, ttl, dscp, send_buffer,
                       receive_buffer, device, by_interface, no_loop})
    option->group(topic);
}

void declare_telling(CLI::App& app, send_options& options) {
  const std::string topic = "What is told";
  auto* verbose = app.add_flag("-v,--verbose", options.verbose,
                               "Which address won, and how long each step took, on standard error");
  auto* dump = app.add_flag("--hexdump", options.hexdump,
                            "Both directions in hexadecimal and ASCII, instead of the answer");
  auto* json = app.add_flag("--json", options.json,
                            "At the end one line of JSON on standard error; with --connect-only, "
                            "one for each port on standard output");
  for (auto* option : {verbose, dump, json}) option->group(topic);
}

/// What is of networks alone, and means nothing inside this host.
void check_local(const CLI::App& app, const send_options& options) {
  if (!options.local) {
    if (options.source_path) throw CLI::ValidationError{"--source-path is for unix-dgram:PATH"};
    return;
  }
  for (const auto* name : {"-4", "-6", "--source", "--source-port", "--linger", "--no-delay",
                           "--keep-alive", "--broadcast", "--dont-fragment", "--ttl", "--dscp",
                           "--device", "--interface", "--no-loop"})
    if (app.get_option(name)->count() != 0)
      throw CLI::ValidationError{std::string{name} + " is not for unix:PATH"};
  if (options.source_path && !options.datagram)
    throw CLI::ValidationError{"--source-path is for unix-dgram:PATH"};
  if (options.datagram && options.wait && !options.source_path)
    throw CLI::ValidationError{"--wait needs --source-path, where answers come"};
  if (options.datagram && options.connect_only)
    throw CLI::ValidationError{"--connect-only is for streams: nobody answers a datagram"};
}

}  // namespace

void declare(CLI::App& app, send_options& options) {
  const auto store = [&options](const std::vector<std::string>& words) {
    store_peer(options, words);
  };
  app.add_option_function<std::vector<std::string>>(
         "HOST", store,
         "HOST PORT or HOST:PORT, after tcp:// or udp:// if need be. A name or an address such as "
         "192.0.2.1 or 2001:db8::1, in brackets before a colon; a number or a service such as "
         "http. "
         "unix:PATH and unix-dgram:PATH are sockets inside this host")
      ->required()
      ->expected(1, 2)
      ->type_name("[PORT]");
  declare_sources(app, options);
  declare_pieces(app, options);
  declare_connection(app, options);
  declare_sockets(app, options);
  declare_telling(app, options);
  declare_measuring(app, options);
  app.parse_complete_callback([&app, &options] {
    check_local(app, options);
    if (options.last_port != 0 && !options.connect_only)
      throw CLI::ValidationError{"a range of ports needs --connect-only"};
    if (options.repeat == 0) throw CLI::ValidationError{"--repeat \"0\": must be at least 1"};
    if (options.repeat != 1 && !options.message && !options.file)
      throw CLI::ValidationError{"--repeat needs --message, --hex or --file"};
  });

  app.footer(
      "Answers are printed to standard output, byte for byte.\n\n"
      "TCP: of several addresses the first that answers is taken (RFC 8305). The end of the input "
      "is\n"
      "told to HOST (half-close), whose answer is printed until it closes too. When HOST closes "
      "first,\n"
      "socksend ends as soon as no input comes for a second.\n\n"
      "UDP: a message or a file is one datagram. Each line of other input is one, without its "
      "line\n"
      "ending (LF or CR LF); an empty line is an empty datagram. --zero and --random make "
      "datagrams\n"
      "of --size bytes (1400).\n\n"
      "Examples:\n"
      "  socksend localhost 7777 --message hello      says hello, and prints the answer\n"
      "  socksend example.org:http -v --connect-only  is it open, and how fast?\n"
      "  tar c . | socksend [2001:db8::1]:7777        sends what comes\n"
      "  socksend udp://192.0.2.1:53 --hex '00 01' --wait 1 --hexdump\n"
      "  socksend 192.0.2.1 7777 --file big --rate 10M\n"
      "  socksend 192.0.2.1 7777 --measure --time 5   how fast is the way?\n\n"
      "Exit codes: 0 done; 1 the network or the system said no, or Ctrl-C; 2 wrong usage, or input "
      "that\n"
      "cannot be read.");
}

}  // namespace portsock::tools
