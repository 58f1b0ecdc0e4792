// SPDX-License-Identifier: MIT
#pragma once

// What a measurement prints.

#include <cstdint>
#include <ostream>
#include <string>
#include <vector>

#include <tools/measure/protocol.hpp>

namespace portsock::tools::measuring {

/// What happened between two reports.
struct stretch {
  double begin = 0;  ///< in s
  double end = 0;
  report part;  ///< counts of the stretch alone; times as they are at its end

  double seconds() const noexcept { return end - begin; }
  /// In bit/s; 0 for a stretch of no time.
  double rate() const noexcept;
};

/// `before` and `now` are of one test; numbers that go back, which a peer may send, count as none.
stretch between(const report& before, const report& now);

/// "20.6 Gbit/s": three digits.
std::string bit_rate(double bits_per_second);

/// One line of text, or of JSON, without its end. `sent`: datagrams that the sender counts.
std::string interval_text(const stretch& what, bool datagrams);
std::string interval_json(const stretch& what, bool datagrams);
std::string summary_text(const stretch& what, const request& asked, std::uint64_t sent);
std::string summary_json(const stretch& what, const request& asked, std::uint64_t sent,
                         std::uint64_t streams);

/// A picture: the rate over the time, and below it the lost datagrams or the round trip time.
std::string plot(const std::vector<stretch>& all, bool datagrams, const std::string& title);

}  // namespace portsock::tools::measuring
