// SPDX-License-Identifier: MIT

// One message there and back with blocking calls. Both sides share a CPU, so that what is counted
// is what the calls cost and not how long an idle CPU takes to wake up.

#include "registry.hpp"
#include "suites.hpp"

namespace compare {
namespace {

struct pair {
  explicit pair(const ping_pong& calls)
      : near{connected_stream(port_of(listener))},
        far{accepted_stream(listener)},
        peer{[&] { calls.answer(far); }} {}

  int listener = listening_stream();
  int near;
  int far;
  child peer;
};

}  // namespace

void compare_ping_pong(const settings& wanted, std::vector<outcome>& outcomes) {
  const int turns = static_cast<int>(2000 * wanted.scale) + 1;
  std::vector<contender> contenders;
  for (const auto& [name, calls] : entries<ping_pong>())
    contenders.push_back({name, [turns, ask = calls.ask, p = std::make_shared<pair>(calls)] {
                            const auto before = thread_cpu_time() + p->peer.cpu_time();
                            ask(p->near, turns);
                            const auto after = thread_cpu_time() + p->peer.cpu_time();
                            return static_cast<double>((after - before).count()) / turns;
                          }});
  compete("ping-pong", contenders, wanted, outcomes);
}

}  // namespace compare
