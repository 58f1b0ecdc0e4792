// SPDX-License-Identifier: MIT
#pragma once

// The two ways in which socksend and a peer talk.

#include <memory>
#include <ostream>
#include <string>

#include <portsock/waker.hpp>
#include <tools/common/complaints.hpp>
#include <tools/send/send.hpp>

namespace portsock::tools {

/// A talk with one peer, and what it needs.
struct exchange {
  const send_options& options;
  std::string peer;    ///< as the user calls it: "localhost:80"
  std::string source;  ///< where the input comes from, for complaints about it
  std::ostream& output;
  const complaints& complain;
  const canceller& stop;

  /// Connects, sends `input` and prints what comes back, both at the same time: a peer that echoes
  /// would otherwise wait for us to read while we wait for it to read.
  exit_code over_stream(std::shared_ptr<std::istream> input) const;
  /// Sends each piece of `input` as a datagram, and prints the datagrams that come back.
  exit_code over_datagrams(std::shared_ptr<std::istream> input) const;

  exit_code failed(error reason) const { return complain.failed(peer, reason); }
  /// The peer could not be found or reached.
  exit_code not_reached(error reason) const;
  exit_code not_written() const { return complain.failed("standard output", "cannot be written"); }
  exit_code not_read() const { return complain.misused(source, "cannot be read"); }
};

}  // namespace portsock::tools
