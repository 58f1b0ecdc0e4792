// SPDX-License-Identifier: MIT

// What a request costs a server: the CPU time of its whole program, divided by the requests. Server
// and clients share a CPU.

#include <unistd.h>

#include "crowd.hpp"
#include "registry.hpp"
#include "suites.hpp"

namespace compare {
namespace {

/// A server in a program of its own.
struct server {
  explicit server(const std::function<void(int)>& serve)
      : listener{listening_stream()}, port{port_of(listener)}, program{[&] {
          serve(listener);
          require(false, "a server has returned");
        }} {
    ::close(listener);
  }

  int listener;
  std::uint16_t port;
  child program;
};

struct busy_server {
  busy_server(const echo_server& kind, std::size_t active, std::size_t idle)
      : program{kind.serve}, clients{program.port, active, idle} {}

  server program;
  crowd clients;
};

contender asked(std::string name, const echo_server& kind, std::size_t active, std::size_t idle,
                std::chrono::milliseconds slice) {
  return {std::move(name), [slice, s = std::make_shared<busy_server>(kind, active, idle)] {
            const auto before = s->program.program.cpu_time();
            const auto answers = s->clients.ask_for(slice);
            const auto after = s->program.program.cpu_time();
            return static_cast<double>((after - before).count()) / static_cast<double>(answers);
          }};
}

}  // namespace

void compare_echo(const settings& wanted, std::vector<outcome>& outcomes) {
  auto longer = wanted;  // what differs here is a few hundredths
  longer.budget *= 4;
  longer.most_rounds *= 4;
  for (const std::size_t connections : {std::size_t{100}, std::size_t{1000}, wanted.many}) {
    std::vector<contender> contenders;
    for (const auto& [name, kind] : entries<echo_server>()) {
      // poll alone pays for each of the connections; the idle suite shows it.
      if (connections > 1000 && name.find("poll()") != name.npos) continue;
      contenders.push_back(asked(name, kind, connections, 0, wanted.slice));
    }
    compete("echo, " + std::to_string(connections), contenders, longer, outcomes);
  }
}

void compare_idle(const settings& wanted, std::vector<outcome>& outcomes) {
  auto shorter = wanted;
  shorter.budget /= 2;
  for (const auto& [name, kind] : entries<echo_server>()) {
    if (name.find("poll()") != name.npos) continue;
    compete("idle, " + name,
            {asked("100 idle", kind, 100, 100, wanted.slice),
             asked(std::to_string(wanted.many) + " idle", kind, 100, wanted.many, wanted.slice)},
            shorter, outcomes);
  }
}

void compare_accept(const settings& wanted, std::vector<outcome>& outcomes) {
  struct door {
    explicit door(const accept_server& kind) : program{kind.serve}, guests{program.port} {}
    server program;
    visitors guests;
  };
  const auto visits = static_cast<std::uint64_t>(1000 * wanted.scale) + 1;
  std::vector<contender> contenders;
  for (const auto& [name, kind] : entries<accept_server>())
    contenders.push_back({name, [visits, d = std::make_shared<door>(kind)] {
                            const auto before = d->program.program.cpu_time();
                            d->guests.visit(visits);
                            const auto after = d->program.program.cpu_time();
                            return static_cast<double>((after - before).count()) /
                                   static_cast<double>(visits);
                          }});
  compete("accept", contenders, wanted, outcomes);
}

}  // namespace compare
