// SPDX-License-Identifier: MIT
#pragma once

// What the comparison needs of the system beside the calls that it measures. Anything that fails
// here ends the program: there is nothing to measure then.

#include <array>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <span>

namespace compare {

inline constexpr std::size_t message_size = 64;
inline constexpr std::size_t batch_size = 64;
inline constexpr std::size_t bulk_write = 1 << 20;
using message = std::array<std::byte, message_size>;
using address_bytes = std::array<std::uint8_t, 16>;  ///< an IPv4 address uses the first four

/// What the contenders send in bulk: the same bytes for all, for it matters where they lie.
std::span<std::byte, bulk_write> bulk_data();
/// A file in memory with these bytes, once.
int file_of_one_write();

/// Ends the program, naming `what` and errno, unless `good`.
void require(bool good, const char* what);
/// The outcome of a system call, unless it is negative.
int checked(std::ptrdiff_t outcome, const char* what);

/// A network namespace of its own, where the user may have one, and as many descriptors as the
/// limit allows. Returns whether it is alone.
bool isolate();
/// How many connections one program may hold, with some descriptors left for itself.
std::size_t most_connections();
void pin_to_cpu(int cpu);

/// A program forked off this one that ends with it.
class child {
 public:
  explicit child(const std::function<void()>& work);
  child(child&& other) noexcept;
  child(const child&) = delete;
  child& operator=(child&&) = delete;
  ~child();
  std::chrono::nanoseconds cpu_time() const;

 private:
  int id_;
};

std::chrono::nanoseconds thread_cpu_time();

// Sockets on the loopback, with Reno for congestion control: others pace, which measures the timer
// and not the calls.
int listening_stream();
std::uint16_t port_of(int socket);
int connected_stream(std::uint16_t port);
int accepted_stream(int listener);
/// A bound UDP socket with room for a whole burst.
int bound_datagrams();
void connect_datagrams(int from, int to);

/// A two-way line to a child: words go both ways.
struct line {
  int here;
  int there;
};
line new_line();
void tell(int end, std::uint64_t word);
/// false when the other side is gone.
bool hear(int end, std::uint64_t& word);

}  // namespace compare
