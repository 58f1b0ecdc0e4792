// SPDX-License-Identifier: MIT
#pragma once

// sockping: asks hosts for echoes, and tells how many came back and how soon.

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <optional>
#include <ostream>
#include <string>
#include <vector>

#include <portsock/icmp_socket.hpp>
#include <portsock/program.hpp>
#include <portsock/waker.hpp>
#include <tools/common/exit_code.hpp>

namespace CLI {
class App;
}

namespace portsock::tools {

enum class fragmenting : std::uint8_t { by_system, never, allowed };
enum class format : std::uint8_t { text, json, csv };

struct ping_options {
  std::vector<std::string> hosts{};
  std::vector<std::string> files{};   ///< lists of hosts; "-" is standard input
  std::vector<std::string> sweeps{};  ///< "10.0.0.0/24", "10.0.0.1-10.0.0.99"

  std::optional<std::uint64_t> count{};  ///< rounds for each host; without it, see is_sweep()
  std::chrono::nanoseconds interval = std::chrono::seconds{1};
  std::optional<std::chrono::nanoseconds> timeout{};   ///< after which a reply is late
  std::optional<std::chrono::nanoseconds> deadline{};  ///< after which everything ends
  unsigned retries = 0;
  double backoff = 1.5;
  std::uint32_t rate = 0;  ///< requests per second to all hosts; 0: no limit
  std::uint64_t preload = 1;
  bool flood = false;
  bool adaptive = false;
  bool until_reply = false;  ///< a host that answered is not asked again

  std::size_t size = 56;  ///< bytes of payload in each request
  std::vector<std::byte> pattern{};
  std::optional<int> hop_limit{};
  std::optional<int> traffic_class{};
  std::uint32_t flow_label = 0;  ///< of IPv6; 0: the system's
  fragmenting fragments = fragmenting::by_system;
  std::string source{};  ///< an address, or an interface that has one
  std::optional<family> only{};
  std::optional<icmp_access> backend{};

  format as = format::text;
  bool quiet = false;  ///< the summary alone
  bool timestamps = false;
  bool audible = false;
  bool alive = false;        ///< prints the hosts that answer, and nothing else
  bool unreachable = false;  ///< prints the hosts that do not, and nothing else
  bool sorted = false;       ///< hosts in their order, at the end
  bool trace = false;        ///< the routers on the way to the host
  bool plot = false;         ///< draws as it goes
  std::string picture{};     ///< file for an SVG of the run

  /// Without a count: one host is asked until interrupted; several are asked once.
  bool has_many() const noexcept {
    return hosts.size() > 1 || !files.empty() || !sweeps.empty() || alive || unreachable;
  }
};

/// Adds sockping's arguments to `app`; parsing fills in `options`.
void declare(CLI::App& app, ping_options& options);

/// Who is there while it runs. By default nobody.
struct audience {
  const waker* asked = nullptr;  ///< see program::wake_on_inquiry
  /// What `output` is shown on, as it is now.
  std::function<std::optional<program::terminal>()> screen = [] { return std::nullopt; };
};

/// Pings, and reports to `output`; complaints go to `log`. Gives up the process's privileges as
/// soon as the sockets are open. Ends early, with a summary, when `stop` trips; prints one in
/// between when somebody asked.
exit_code ping(const ping_options& options, std::ostream& output, std::ostream& log,
               const canceller& stop, const audience& here = {});

}  // namespace portsock::tools
