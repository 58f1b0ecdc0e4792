// SPDX-License-Identifier: MIT

// UDP in one thread: a burst is sent, then received; each half is one suite. A contender without a
// call for many datagrams takes part with single ones, since that is what it offers.

#include "registry.hpp"
#include "suites.hpp"

namespace compare {
namespace {

struct halves {
  double send, receive;
};

halves bursts(datagram_pair& pair, std::size_t times, std::size_t burst) {
  std::chrono::nanoseconds sending{}, receiving{};
  std::size_t total = 0;
  for (std::size_t i = 0; i != times; ++i) {
    const auto begin = thread_cpu_time();
    const auto sent = pair.send(burst);
    const auto middle = thread_cpu_time();
    pair.receive(sent);
    const auto end = thread_cpu_time();
    sending += middle - begin;
    receiving += end - middle;
    total += sent;
  }
  const auto each = [total](auto time) {
    return static_cast<double>(time.count()) / static_cast<double>(total);
  };
  return {each(sending), each(receiving)};
}

/// Both suites need the same bursts, so the second repeats what the first has measured.
void both_halves(const std::string& suite, std::vector<entry<single_datagrams>> all,
                 std::size_t burst, const settings& wanted, std::vector<outcome>& outcomes) {
  const auto times = static_cast<std::size_t>(40 * wanted.scale) + 1;
  for (const bool sends : {true, false}) {
    std::vector<contender> contenders;
    for (const auto& [name, what] : all)
      contenders.push_back({name, [=, pair = std::shared_ptr<datagram_pair>{what.make()}] {
                              const auto cost = bursts(*pair, times, burst);
                              return sends ? cost.send : cost.receive;
                            }});
    compete(suite + (sends ? " send" : " receive"), contenders, wanted, outcomes);
  }
}

}  // namespace

void compare_datagrams(const settings& wanted, std::vector<outcome>& outcomes) {
  auto shorter = wanted;
  shorter.budget /= 2;
  const auto& singles = entries<single_datagrams>();
  both_halves("UDP", singles, batch_size, shorter, outcomes);

  auto batches = singles;
  std::erase_if(batches, [](const auto& e) { return e.name != "raw"; });
  auto offloaded = batches;
  for (const auto& [name, what] : entries<batched_datagrams>())
    batches.push_back({name, single_datagrams{what.make}});
  both_halves("UDP batch", batches, batch_size, shorter, outcomes);
  for (const auto& [name, what] : entries<offloaded_datagrams>())
    offloaded.push_back({name, single_datagrams{what.make}});
  both_halves("UDP offload", offloaded, 16 * batch_size, shorter, outcomes);
}

}  // namespace compare
