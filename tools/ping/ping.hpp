// SPDX-License-Identifier: MIT
#pragma once

// sockping: asks a host for echoes, and tells how many came back and how soon.

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <ostream>
#include <string>

#include <portsock/address.hpp>
#include <portsock/waker.hpp>
#include <tools/common/exit_code.hpp>

namespace CLI {
class App;
}

namespace portsock::tools {

struct ping_options {
  std::string host{};
  std::optional<std::uint64_t> count{};      ///< requests to send; without it, until interrupted
  std::chrono::milliseconds interval{1000};  ///< between requests; 0: one after each reply
  std::chrono::milliseconds timeout{4000};   ///< after which a reply is late and its request lost
  std::size_t size = 56;                     ///< bytes of payload in each request
  std::optional<int> hop_limit{};            ///< the system's own without it
  std::optional<family> only{};
  bool quiet = false;  ///< the summary alone
};

/// Adds sockping's arguments to `app`; parsing fills in `options`.
void declare(CLI::App& app, ping_options& options);

/// Pings, and reports to `output`; complaints go to `log`. Gives up the process's privileges as
/// soon as the sockets are open. Ends early, with a summary, when `stop` trips.
exit_code ping(const ping_options& options, std::ostream& output, std::ostream& log,
               const canceller& stop);

}  // namespace portsock::tools
