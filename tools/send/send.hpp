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

#include <portsock/waker.hpp>
#include <tools/common/exit_code.hpp>

namespace CLI {
class App;
}

namespace portsock::tools {

struct send_options {
  std::string host;
  std::uint16_t port = 0;
  bool datagram = false;               ///< UDP instead of TCP
  std::optional<std::string> message;  ///< sent instead of the input
  std::optional<std::string> file;  ///< a path in UTF-8; its content is sent instead of the input
  bool prompt = false;              ///< asks for lines, and opens a connection for each
  std::chrono::milliseconds timeout{5000};  ///< for finding and reaching the host
  std::chrono::milliseconds wait{0};        ///< for answers over UDP, after the last datagram
};

/// Adds socksend's arguments to `app`; parsing fills in `options`.
void declare(CLI::App& app, send_options& options);

/// Sends and prints answers to `output`; complaints and the prompt go to `log`. A thread may go on
/// waiting for `input` after the return, which is why it is shared.
exit_code send(const send_options& options, std::shared_ptr<std::istream> input,
               std::ostream& output, std::ostream& log, const canceller& stop);

}  // namespace portsock::tools
