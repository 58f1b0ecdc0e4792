// SPDX-License-Identifier: MIT

// portsock beside raw system calls and its peers, in one run. ci/benchmark runs it as it is meant.
//
//   compare [--smoke | --seconds N] [--json FILE] [SUITE…]

#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <fstream>
#include <string_view>

#include "suites.hpp"
#include "system.hpp"

namespace {

using namespace compare;

struct suite {
  std::string_view name;
  void (*run)(const settings&, std::vector<outcome>&);
};
constexpr suite suites[] = {
    {"text", compare_text}, {"ping-pong", compare_ping_pong}, {"datagrams", compare_datagrams},
    {"bulk", compare_bulk}, {"accept", compare_accept},       {"echo", compare_echo},
    {"idle", compare_idle},
};

void write_json(const char* path, const std::vector<outcome>& outcomes, bool alone) {
  std::ofstream out{path};
  out << "{\n  \"namespace\": " << (alone ? "true" : "false") << ",\n  \"outcomes\": [";
  const char* separator = "\n";
  for (const auto& [suite, name, nanoseconds, ratio, rounds] : outcomes) {
    out << separator << R"(    {"suite": ")" << suite << R"(", "name": ")" << name
        << R"(", "nanoseconds": )" << nanoseconds << R"(, "ratio": )" << ratio.median
        << R"(, "low": )" << ratio.low << R"(, "high": )" << ratio.high << R"(, "rounds": )"
        << rounds << "}";
    separator = ",\n";
  }
  out << "\n  ]\n}\n";
  require(out.good(), path);
}

settings smoke() {
  settings quick;
  quick.budget = std::chrono::seconds{0};
  quick.slice = std::chrono::milliseconds{2};
  quick.fewest_rounds = 1;
  quick.scale = 0;
  quick.many = 2000;
  return quick;
}

}  // namespace

int main(int argc, char** argv) {
  settings wanted;
  const char* json = nullptr;
  std::vector<std::string_view> names;
  for (int i = 1; i != argc; ++i) {
    const std::string_view argument{argv[i]};
    if (argument == "--smoke")
      wanted = smoke();
    else if (argument == "--seconds" && i + 1 != argc)
      wanted.budget = std::chrono::duration<double>{std::atof(argv[++i])};
    else if (argument == "--json" && i + 1 != argc)
      json = argv[++i];
    else
      names.push_back(argument);
  }

  const bool alone = isolate();
  if (!alone) std::puts("no network namespace of its own: other programs may be heard");
  wanted.many = std::min(wanted.many, most_connections());
  pin_to_cpu(0);
  std::vector<outcome> outcomes;
  for (const auto& [name, run] : suites) {
    bool chosen = names.empty();
    for (const auto& each : names) chosen = chosen || each == name;
    if (chosen) run(wanted, outcomes);
  }
  if (json != nullptr) write_json(json, outcomes, alone);
  return outcomes.empty() ? 1 : 0;
}
