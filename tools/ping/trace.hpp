// SPDX-License-Identifier: MIT
#pragma once

// sockping --trace: the way to a host, and how each router on it answers.

#include <cstdint>
#include <map>
#include <ostream>
#include <string>
#include <vector>

#include <portsock/ping_sockets.hpp>
#include <portsock/trace.hpp>
#include <portsock/waker.hpp>
#include <tools/ping/ping.hpp>
#include <tools/ping/statistics.hpp>

namespace portsock::tools {

/// What one hop did. Pure: no clock, no output.
class hop_account {
 public:
  /// Counts what the trace told; answers that took longer than `timeout` are none.
  void note(const ping::event& what, ping::duration timeout);

  std::uint64_t sent() const noexcept { return sent_; }
  std::uint64_t answered() const noexcept { return times_.count(); }
  /// In percent; 0 when nothing was sent.
  double loss() const noexcept;
  /// In milliseconds, as `latest`.
  const moments& times() const noexcept { return times_; }
  double latest() const noexcept { return latest_; }
  /// Who answered, most often first.
  std::vector<ip_address> routers() const;
  /// What a router said that would not go on: "destination host unreachable". Else empty.
  const std::string& refusal() const noexcept { return refusal_; }

 private:
  std::uint64_t sent_ = 0;
  moments times_;
  double latest_ = 0;
  std::map<ip_address, std::uint64_t> routers_;
  std::string refusal_;
};

/// What the options mean for a trace.
ping::trace_schedule trace_schedule_of(const ping_options& options);

struct traced {
  std::string name;  ///< of the host, as the user called it
  ip_address address;
  bool reached = false;
  unsigned first = 1;  ///< hop limit of the first hop
  std::vector<hop_account> hops;
};

/// A table, or one JSON object for each hop and one for the way.
void report_trace(const traced& way, const ping_options& options, std::ostream& output);

/// Traces the way to `address` and reports to `output` at the end, or when `stop` trips. Errors:
/// those of ping::trace::advance(), and of waiting.
result<traced> trace_route(const ping_options& options, const ip_address& address, std::string name,
                           ping::sockets& network, const canceller& stop);

}  // namespace portsock::tools
