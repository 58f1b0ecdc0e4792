// SPDX-License-Identifier: MIT
#pragma once

// socklisten: prints what comes in on any number of ports.

#include <cstddef>
#include <cstdint>
#include <ostream>
#include <string>
#include <string_view>
#include <vector>

#include <portsock/waker.hpp>
#include <tools/common/exit_code.hpp>

namespace CLI {
class App;
}

namespace portsock::tools {

/// Where to listen.
struct listen_address {
  std::string host;        ///< a name or an address; empty: on every address, IPv4 and IPv6
  std::uint16_t port = 0;  ///< 0: the system chooses one, the same for all addresses of `host`

  /// "7777", "127.0.0.1:7777", "localhost:7777" or "[::1]:7777". Throws the error that parse()
  /// prints when it is none of these.
  static listen_address from(std::string_view text);
};

struct listen_options {
  std::vector<listen_address> addresses;
  bool datagram = false;  ///< UDP instead of TCP
  bool echo = false;      ///< sends back what comes
  bool once = false;      ///< ends after the first client or datagram
  /// In bytes; of a longer datagram the rest is lost. The default is more than any datagram has.
  std::size_t largest_datagram = 65'535;
};

/// Adds socklisten's arguments to `app`; parsing fills in `options`.
void declare(CLI::App& app, listen_options& options);

/// Prints received bytes to `output`, and events and complaints to `log`, until `stop` is
/// cancelled.
exit_code listen(const listen_options& options, std::ostream& output, std::ostream& log,
                 const canceller& stop);

}  // namespace portsock::tools
