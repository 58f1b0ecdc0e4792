// SPDX-License-Identifier: MIT

// Bytes in bulk, in writes of one MiB to a receiver with a buffer of 256 KiB; the CPU time of both
// sides for each KiB. They share a CPU.

#include <vector>

#include <poll.h>
#include <sys/socket.h>

#include "registry.hpp"
#include "suites.hpp"

namespace compare {
namespace {

/// Receives, and says so after each `unit` bytes.
void drain(int stream, std::size_t unit) {
  std::vector<std::byte> buffer(256 << 10);
  for (std::size_t got = 0;;) {
    const auto size = ::recv(stream, buffer.data(), buffer.size(), 0);
    if (size <= 0) return;
    got += static_cast<std::size_t>(size);
    if (got < unit) continue;
    got -= unit;
    require(::send(stream, "", 1, MSG_NOSIGNAL) == 1, "acknowledging");
  }
}

/// A contender may have made the stream non-blocking.
void await_acknowledgement(int stream) {
  pollfd entry{stream, POLLIN, 0};
  checked(::poll(&entry, 1, -1), "poll");
  char done;
  require(::recv(stream, &done, 1, 0) == 1, "an acknowledgement");
}

struct pipe_line {
  pipe_line(const bulk_sender& kind, std::size_t unit)
      : near{connected_stream(port_of(listener))},
        far{accepted_stream(listener)},
        peer{[&] { drain(far, unit); }},
        send{kind.make(near)} {}

  int listener = listening_stream();
  int near;
  int far;
  child peer;
  std::function<void(std::size_t)> send;
};

}  // namespace

void compare_bulk(const settings& wanted, std::vector<outcome>& outcomes) {
  const auto unit = (static_cast<std::size_t>(64 * wanted.scale) + 1) * bulk_write;
  std::vector<contender> contenders;
  for (const auto& [name, kind] : entries<bulk_sender>())
    contenders.push_back({name, [unit, p = std::make_shared<pipe_line>(kind, unit)] {
                            const auto before = thread_cpu_time() + p->peer.cpu_time();
                            p->send(unit);
                            await_acknowledgement(p->near);
                            const auto after = thread_cpu_time() + p->peer.cpu_time();
                            return static_cast<double>((after - before).count()) /
                                   static_cast<double>(unit >> 10);
                          }});
  compete("bulk", contenders, wanted, outcomes);
}

}  // namespace compare
