// SPDX-License-Identifier: MIT
#pragma once

// A ping on a scripted network, and all that it said.

#include <sstream>
#include <utility>

#include <tests/support/matchers.hpp>
#include <tests/tools/scripted_network.hpp>
#include <tools/ping/session.hpp>

namespace portsock::tools::tests {

using namespace literals;
using namespace std::chrono_literals;

inline constexpr identity self{0x1234,
                               {std::byte{0xc0}, std::byte{0xff}, std::byte{0xee}, std::byte{1},
                                std::byte{2}, std::byte{3}, std::byte{4}, std::byte{5}}};

struct trial {
  explicit trial(scripted_network::script script, ping_options wanted = {})
      : options{std::move(wanted)}, network{"192.0.2.1"_ip, std::move(script)} {
    if (!options.count) options.count = 1;
  }

  trial& run() {
    const complaints complain{"sockping", log};
    report told{output, "example", options.quiet};
    session pings{options, self, network, told, complain};
    outcome = pings.run(stop);
    numbers = pings.numbers();
    return *this;
  }

  ping_options options;
  scripted_network network;
  std::ostringstream output;
  std::ostringstream log;
  canceller stop = portsock::tests::must(canceller::create());
  result<> outcome;
  statistics numbers;
};

/// Every request is answered after 5 ms.
inline void answer(scripted_network& network, seen_request request) {
  network.reply(5ms, std::move(request));
}

}  // namespace portsock::tools::tests
