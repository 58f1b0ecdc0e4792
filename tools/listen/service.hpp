// SPDX-License-Identifier: MIT
#pragma once

// The two ways in which socklisten serves its ports.

#include <cstdint>
#include <ostream>
#include <string>
#include <string_view>
#include <vector>

#include <portsock/datagram_socket.hpp>
#include <portsock/stream_listener.hpp>
#include <tools/common/complaints.hpp>
#include <tools/listen/listen.hpp>

namespace portsock::tools {

/// What both ways need. Neither uses more than the caller's thread, so that nothing is written by
/// two.
struct service {
  const listen_options& options;
  std::ostream& output;
  std::ostream& log;
  const complaints& complain;
  const canceller& stop;

  exit_code of_streams(std::vector<stream_listener> listeners) const;
  exit_code of_datagrams(std::vector<datagram_socket> sockets) const;

  /// One line about `who`: "127.0.0.1:53122 connected".
  void tell(std::string_view who, std::string_view what) const;
  /// The last line, after Ctrl-C: "stopped, 2 clients, 24 bytes".
  exit_code stopped(std::string_view visits, std::uint64_t bytes) const;
  exit_code not_written() const { return complain.failed("standard output", "cannot be written"); }
};

/// "1 byte", "2 bytes".
std::string count(std::uint64_t number, std::string_view thing);

}  // namespace portsock::tools
