// SPDX-License-Identifier: MIT
#pragma once

// Many clients that come at once, in a program of their own.

#include <chrono>
#include <cstdint>

#include <tests/bench/compare/system.hpp>

namespace listeners {

/// What became of a rush.
struct rushed {
  std::chrono::nanoseconds all;      ///< from the first connect to the last connection
  std::chrono::nanoseconds cpu;      ///< of the clients, in that time
  std::chrono::nanoseconds slowest;  ///< of a connection
  std::uint64_t refused;
};

/// Connects so often, with 64 connections on their way at a time, and keeps them until the last is
/// there: as when a server is back, and all its clients with it.
class rush {
 public:
  explicit rush(std::uint16_t port);

  rushed come(std::uint64_t clients);

 private:
  compare::line line_;
  compare::child clients_;
};

}  // namespace listeners
