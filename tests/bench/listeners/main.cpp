// SPDX-License-Identifier: MIT

// A server that is a program, and the textbook's (../compare/raw), in turns:
//
//   listeners burst|echo ROUNDS COMMAND...
//
// COMMAND is started with one more argument, the address to listen on. "burst" wants a server that
// accepts and stays silent, "echo" one that echoes. A line of JSON for each server in each round
// tells what was done, per second, and by how much of the server's CPU time; the first round warms
// up, and is not told. Servers have one CPU and clients another. ci/benchmark_tools runs it.

#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <fstream>
#include <memory>
#include <string>
#include <string_view>
#include <thread>
#include <vector>

#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include <tests/bench/compare/crowd.hpp>
#include <tests/bench/compare/registry.hpp>

#include "rush.hpp"

namespace {

using namespace compare;
using clock = std::chrono::steady_clock;

constexpr std::size_t rush_of = 10'000;
constexpr std::size_t asking = 1000;
constexpr std::chrono::milliseconds asking_for{500};

/// Others than Reno pace, which measures the timer, and a server chooses for itself.
void use_reno() { std::ofstream{"/proc/sys/net/ipv4/tcp_congestion_control"} << "reno\n"; }

int cpu_of_clients() { return std::thread::hardware_concurrency() > 1 ? 1 : 0; }

struct server {
  std::string_view name;
  std::uint16_t port;
  child program;
};

server raw_server(const std::function<void(int)>& serve) {
  const int listener = listening_stream();
  server made{"raw", port_of(listener), child{[&] {
                pin_to_cpu(0);
                serve(listener);
              }}};
  ::close(listener);
  return made;
}

bool listens_at(std::uint16_t port) {
  sockaddr_in name{};
  name.sin_family = AF_INET;
  name.sin_port = htons(port);
  name.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  const int stream = checked(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0), "socket");
  const bool heard = ::connect(stream, reinterpret_cast<sockaddr*>(&name), sizeof name) == 0;
  ::close(stream);
  return heard;
}

server started(std::vector<std::string> command) {
  const int listener = listening_stream();
  const auto port = port_of(listener);
  ::close(listener);
  server made{"command", port, child{[&] {
                pin_to_cpu(0);
                command.push_back("127.0.0.1:" + std::to_string(port));
                std::vector<char*> words;
                for (auto& word : command) words.push_back(word.data());
                words.push_back(nullptr);
                ::execvp(words.front(), words.data());
                require(false, words.front());
              }}};
  const auto until = clock::now() + std::chrono::seconds{10};
  while (!listens_at(port)) {
    require(clock::now() < until, "waiting for the command to listen");
    std::this_thread::sleep_for(std::chrono::milliseconds{1});
  }
  return made;
}

/// Until it has nothing left to do, as for clients that are gone.
void settle(const server& one) {
  for (auto before = one.program.cpu_time();;) {
    std::this_thread::sleep_for(std::chrono::milliseconds{5});
    const auto now = one.program.cpu_time();
    if (now == before) return;
    before = now;
  }
}

/// What servers and clients did in a round.
struct round_of {
  double count;
  std::chrono::duration<double> took;
  std::chrono::nanoseconds server, clients;  ///< CPU time
};

void tell(const server& one, const round_of& done, const std::string& more = "") {
  std::printf(
      "{\"server\": \"%s\", \"per_second\": %.1f, \"cpu_ns\": %.1f, \"clients_busy\": %.3f%s}\n",
      one.name.data(), done.count / done.took.count(),
      static_cast<double>(done.server.count()) / done.count,
      std::chrono::duration<double>{done.clients} / done.took, more.c_str());
}

void burst(std::vector<server>& servers, int rounds) {
  std::vector<std::unique_ptr<listeners::rush>> clients;
  for (const auto& one : servers) clients.push_back(std::make_unique<listeners::rush>(one.port));
  const auto count = (std::min)(rush_of, most_connections());
  for (int round = 0; round <= rounds; ++round)
    for (std::size_t i = 0; i != servers.size(); ++i) {
      const auto before = servers[i].program.cpu_time();
      const auto became = clients[i]->come(count);
      settle(servers[i]);
      if (round == 0) continue;
      tell(servers[i],
           {static_cast<double>(count), became.all, servers[i].program.cpu_time() - before,
            became.cpu},
           ", \"refused\": " + std::to_string(became.refused) +
               ", \"slowest_ns\": " + std::to_string(became.slowest.count()));
    }
}

void echo(std::vector<server>& servers, int rounds) {
  std::vector<std::unique_ptr<crowd>> clients;
  for (const auto& one : servers) clients.push_back(std::make_unique<crowd>(one.port, asking, 0));
  for (int round = 0; round <= rounds; ++round)
    for (std::size_t i = 0; i != servers.size(); ++i) {
      const auto before = servers[i].program.cpu_time();
      const auto clients_before = clients[i]->cpu_time();
      const auto began = clock::now();
      const auto answers = clients[i]->ask_for(asking_for);
      const auto took = clock::now() - began;
      if (round == 0) continue;
      tell(servers[i], {static_cast<double>(answers), took, servers[i].program.cpu_time() - before,
                        clients[i]->cpu_time() - clients_before});
    }
}

}  // namespace

int main(int argc, char** argv) {
  const std::string_view what = argc > 3 ? argv[1] : "";
  if (what != "burst" && what != "echo") {
    std::fputs("listeners burst|echo ROUNDS COMMAND...\n", stderr);
    return 2;
  }
  const int rounds = std::atoi(argv[2]);
  if (isolate())
    use_reno();
  else
    std::fputs("listeners: no network namespace of its own: other programs may be heard\n", stderr);
  std::vector<server> servers;
  servers.push_back(started({argv + 3, argv + argc}));
  // Both watch whom they have accepted, until it leaves.
  servers.push_back(raw_server(entries<echo_server>().front().what.serve));
  pin_to_cpu(cpu_of_clients());
  what == "echo" ? echo(servers, rounds) : burst(servers, rounds);
  return 0;
}
