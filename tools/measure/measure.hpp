// SPDX-License-Identifier: MIT
#pragma once

// The throughput mode: socksend --measure at one end, socklisten --measure at the other.

#include <chrono>
#include <cstdint>
#include <optional>
#include <ostream>
#include <string>
#include <vector>

#include <portsock/waker.hpp>
#include <tools/common/exit_code.hpp>

namespace CLI {
class App;
}

namespace portsock::tools {

struct exchange;
struct send_options;
struct listen_options;
class door;
class complaints;

/// What socksend --measure is asked for, beside what the other options say: the peer, the
/// transport, the size of a datagram, the rate, the time between two reports.
struct measure_options {
  bool wanted = false;
  std::chrono::milliseconds time{10'000};
  std::uint64_t streams = 1;          ///< at the same time; at most most_streams
  bool reverse = false;               ///< the other end sends
  bool no_offload = false;            ///< each datagram by itself
  std::optional<std::string> plot{};  ///< an SVG file
};

inline constexpr std::uint64_t most_streams = 64;

/// Adds the options to socksend's, or to socklisten's.
void declare_measuring(CLI::App& app, send_options& options);
void declare_measuring(CLI::App& app, listen_options& options);

/// Measures the way to the peer and prints what comes out.
exit_code measure(const exchange& with);

/// Takes measurements at the doors until `stop` is cancelled, or as many as the options name.
exit_code take_measurements(std::vector<door>& doors, const listen_options& options,
                            const complaints& complain, std::ostream& output, std::ostream& log,
                            const canceller& stop);

}  // namespace portsock::tools
