// SPDX-License-Identifier: MIT
#pragma once

// socksend: sends input to a host over TCP or UDP, and prints the answer.

#include <chrono>
#include <cstdint>
#include <istream>
#include <memory>
#include <optional>
#include <ostream>
#include <string>

#include <portsock/address.hpp>
#include <portsock/file.hpp>
#include <portsock/local_address.hpp>
#include <portsock/waker.hpp>
#include <tools/common/exit_code.hpp>
#include <tools/measure/measure.hpp>

namespace CLI {
class App;
}

namespace portsock::tools {

/// What goes out at a time, as a datagram or between two intervals.
enum class framing : std::uint8_t {
  suitable,  ///< over UDP a message or a file whole, and other input by lines; over TCP, as it
             ///< comes
  lines,
  blocks,  ///< whatever there is to read
  sized,   ///< send_options::size bytes
};

struct send_options {
  std::string host;
  std::uint16_t port = 0;
  /// A socket inside this host, instead of host and port.
  std::optional<local_address> local{};
  bool datagram = false;                 ///< UDP instead of TCP
  std::optional<std::string> message{};  ///< sent instead of the input
  std::optional<std::string> file{};  ///< a path in UTF-8; its content is sent instead of the input
  /// Standard input, which is sent without a copy, and not the stream. Nothing: there is none.
  file_handle input_handle = file_handle::invalid;
  bool prompt = false;                      ///< asks for lines, and opens a connection for each
  std::chrono::milliseconds timeout{5000};  ///< for finding and reaching the host
  /// How long to print answers after all is sent. Nothing: over UDP not at all, over TCP until the
  /// peer closes.
  std::optional<std::chrono::milliseconds> wait{};

  // Further sources.
  std::optional<std::uint64_t> zeros{};   ///< so many bytes of value 0
  std::optional<std::uint64_t> random{};  ///< so many bytes that nobody can foretell or compress

  // What goes out when.
  framing frame = framing::suitable;
  std::size_t size = 0;                   ///< for framing::sized, in bytes
  std::uint64_t repeat = 1;               ///< how often the source is sent; not standard input
  std::uint64_t rate = 0;                 ///< bytes, or datagrams, per second; 0: no limit
  std::chrono::milliseconds interval{0};  ///< between two pieces
  std::chrono::milliseconds delay{0};     ///< before the first

  // The connection.
  std::optional<family> only{};
  std::optional<ip_address> source{};
  std::uint16_t source_port = 0;
  std::optional<local_address> source_path{};  ///< where answers to local datagrams come
  std::uint16_t last_port = 0;  ///< with connect_only: of a range that begins with `port`; 0: none
  bool connect_only = false;    ///< tells whether the port is open, and sends nothing
  std::uint64_t retries = 0;    ///< of a connection that was not established
  bool no_shutdown = false;     ///< the peer is not told that the input has ended
  bool reset = false;           ///< ends with a reset
  bool no_delay = false;
  std::optional<std::chrono::seconds> keep_alive{};  ///< idle time before the first probe
  bool broadcast = false;
  bool dont_fragment = false;
  std::optional<int> hop_limit{};
  std::optional<int> dscp{};
  int send_buffer = 0;
  int receive_buffer = 0;
  std::string device{};        ///< the interface by which everything leaves
  std::string by_interface{};  ///< by which multicasts leave
  bool no_loop = false;        ///< this host does not hear the multicasts

  measure_options measure{};  ///< how fast is the way? instead of sending anything

  // What is told.
  bool verbose = false;
  bool hexdump = false;
  bool json = false;
  bool progress = false;
};

/// Adds socksend's arguments to `app`; parsing fills in `options`.
void declare(CLI::App& app, send_options& options);

/// Sends and prints answers to `output`; complaints and the prompt go to `log`. A thread may go on
/// waiting for `input` after the return, which is why it is shared.
exit_code send(const send_options& options, std::shared_ptr<std::istream> input,
               std::ostream& output, std::ostream& log, const canceller& stop);

}  // namespace portsock::tools
