// SPDX-License-Identifier: MIT
#pragma once

// What sockping prints: text that reads like ping's, and that ping's readers can parse.

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <ostream>
#include <string>
#include <string_view>

#include <portsock/icmp_socket.hpp>
#include <tools/ping/statistics.hpp>

namespace portsock::tools {

/// What there is to tell of an echo reply.
struct reply {
  enum class verdict : std::uint8_t { good, duplicate, late, corrupted };

  ip_address from{};
  std::size_t size = 0;  ///< bytes, the ICMP header included
  std::uint16_t sequence = 0;
  std::optional<std::uint8_t> hop_limit{};
  std::chrono::nanoseconds round_trip{};
  verdict what = verdict::good;
  bool truncated = false;      ///< shorter than the request, and right as far as it goes
  std::size_t wrong_byte = 0;  ///< the offset in the payload, when corrupted
};

/// Each function writes one line, or as many as the summary has, and hands it on at once.
class report {
 public:
  /// `output` must outlive the report. `quiet` leaves out the lines about single messages.
  report(std::ostream& output, std::string_view host, bool quiet)
      : output_{output}, host_{host}, quiet_{quiet} {}

  void opening(const ip_address& target, std::size_t size, icmp_access access);
  void replied(const reply& what);
  /// A message other than an echo reply that is about the request with this sequence number.
  void told(const ip_address& from, std::uint16_t sequence, const icmp::message& what);
  void summary(const statistics& numbers);

  /// Whether all was written so far: false when the reader has gone.
  bool good() const { return output_.good(); }

 private:
  std::ostream& output_;
  std::string host_;
  bool quiet_;
};

}  // namespace portsock::tools
