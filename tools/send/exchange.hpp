// SPDX-License-Identifier: MIT
#pragma once

// The two ways in which socksend and a peer talk.

#include <cstdint>
#include <memory>
#include <optional>
#include <ostream>
#include <string>

#include <portsock/bytes.hpp>
#include <portsock/waker.hpp>
#include <tools/common/background_reader.hpp>
#include <tools/common/complaints.hpp>
#include <tools/send/direct_sender.hpp>
#include <tools/send/send.hpp>
#include <tools/send/tally.hpp>

namespace portsock::tools {

/// A talk with one peer, and what it needs.
struct exchange {
  const send_options& options;
  std::string peer;    ///< as the user calls it: "localhost:80"
  std::string source;  ///< where the input comes from, for complaints about it
  std::ostream& output;
  std::ostream& log;
  const complaints& complain;
  const canceller& stop;
  tally& facts;
  std::optional<std::uint64_t> whole{};  ///< bytes there will be, if that is known

  /// Connects, sends `input` and prints what comes back, both at the same time: a peer that echoes
  /// would otherwise wait for us to read while we wait for it to read.
  exit_code over_stream(std::shared_ptr<std::istream> input) const;
  /// The same for what need not be looked at (over_stream_directly.cpp).
  exit_code over_stream_directly(const direct_source& what) const;
  /// Whether the options let that be; a file that has no size cannot be repeated so.
  bool sends_directly() const;
  /// Sends each piece of `input` as a datagram, and prints the datagrams that come back.
  exit_code over_datagrams(std::shared_ptr<std::istream> input) const;
  /// Tells which of the ports accept connections (scan.cpp).
  exit_code scan() const;

  /// How the input is cut into pieces.
  background_reader::cut cutting() const;
  /// What arrived, or went, for the eye or as it is. False: it could not be written.
  bool print_received(const_bytes bytes) const;
  bool print_sent(const_bytes bytes) const;

  exit_code failed(error reason) const { return complain.failed(peer, reason); }
  /// The peer could not be found or reached.
  exit_code not_reached(error reason) const;
  exit_code not_written() const { return complain.failed("standard output", "cannot be written"); }
  exit_code not_read() const { return complain.misused(source, "cannot be read"); }
};

/// "localhost:80", "[::1]:80".
std::string name_of(const std::string& host, std::uint16_t port);

}  // namespace portsock::tools
