// SPDX-License-Identifier: MIT
#pragma once

// socklisten: takes what comes in on any number of ports, and answers if asked to.

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <istream>
#include <memory>
#include <optional>
#include <ostream>
#include <string>
#include <string_view>
#include <vector>

#include <portsock/file.hpp>
#include <portsock/local_address.hpp>
#include <portsock/prefix.hpp>
#include <portsock/resolver.hpp>
#include <portsock/stream_listener.hpp>
#include <portsock/waker.hpp>
#include <tools/common/exit_code.hpp>

namespace CLI {
class App;
}

namespace portsock::tools {

/// Where to listen.
struct listen_address {
  std::string host;        ///< a name or an address; empty: on every address, IPv4 and IPv6
  std::uint16_t port = 0;  ///< 0: the system chooses one, the same for all addresses of `host`
  std::optional<transport> over{};       ///< nothing: as listen_options::datagram says
  std::optional<local_address> local{};  ///< a path of this host, instead of host and port

  /// "7777", "http", "127.0.0.1:7777", "localhost:7777", "[::1]:7777", each after "tcp://" or
  /// "udp://" if need be; "unix:/path", "unix-dgram:/path". Throws the error that parse() prints
  /// when it is none of these.
  static listen_address from(std::string_view text);
};

struct listen_options {
  std::vector<listen_address> addresses;
  bool datagram = false;  ///< UDP instead of TCP, for addresses that do not say
  bool echo = false;      ///< sends back what comes
  bool once = false;      ///< ends after the first client or datagram
  /// In bytes; of a longer datagram the rest is lost. The default is more than any datagram has.
  std::size_t largest_datagram = 65'535;

  // What becomes of what comes. Files are named in UTF-8.
  bool discard = false;
  /// Standard output, where bytes may go without a copy, and past the stream. Nothing: a terminal.
  file_handle output_handle = file_handle::invalid;
  std::optional<std::string> output{};         ///< this file takes it
  std::optional<std::string> output_folder{};  ///< a file of its own for each client or datagram
  std::string file_name = "%n-%a";             ///< of these files: %n number, %a address, %p port
  bool label = false;                          ///< each line after the time and its sender
  bool hexdump = false;                        ///< both directions, for the eye
  bool json = false;                           ///< events, one a line, on standard output
  bool quiet = false;                          ///< nothing on standard error but complaints

  // What goes back, beside echo.
  std::optional<std::string> reply{};  ///< this, to each client or datagram; "@path" is a file's
  bool chat = false;                   ///< what one sends, to all others
  bool pipe = false;                   ///< standard input, to the client that is there

  // Limits; 0: none.
  std::uint64_t count = 0;            ///< ends after so many clients and datagrams
  std::uint64_t most_clients = 0;     ///< at a time; further ones wait
  std::uint64_t most_bytes = 0;       ///< taken from a client, which is closed then
  std::chrono::milliseconds idle{0};  ///< a client that is quiet for so long is closed
  std::vector<prefix> allow{};        ///< if there are any, others are refused
  std::vector<prefix> deny{};         ///< refused, also when allowed

  // Sockets.
  bind_policy policy = bind_policy::exclusive;
  int backlog = 0;         ///< 0: as many as the system allows
  int receive_buffer = 0;  ///< in bytes; 0: as the system has it
  bool everyone = false;   ///< local sockets are there for all users
  std::vector<ip_address> groups{};
  std::string by_interface{};  ///< by which to hear groups; empty: the system chooses

  bool measure = false;  ///< takes measurements, and nothing else

  // For scripts.
  std::chrono::milliseconds statistics{0};  ///< between two reports; 0: none
  std::optional<std::string> ready_file{};  ///< is written once all ports are open
  bool print_port = false;
};

struct place;

/// Whether the lists of the options let this one in.
bool is_welcome(const listen_options& options, const place& peer);

/// Adds socklisten's arguments to `app`; parsing fills in `options`.
void declare(CLI::App& app, listen_options& options);

/// Prints received bytes to `output`, and events and complaints to `log`, until `stop` is
/// cancelled. Only options.pipe reads `input`, on a thread that may go on waiting for it.
exit_code listen(const listen_options& options, std::shared_ptr<std::istream> input,
                 std::ostream& output, std::ostream& log, const canceller& stop);
exit_code listen(const listen_options& options, std::ostream& output, std::ostream& log,
                 const canceller& stop);

}  // namespace portsock::tools
