// SPDX-License-Identifier: MIT
#pragma once

// Many clients of one server: a program of its own, so that each has all the descriptors that a
// program may have. The clients are the same for every server, and use system calls.

#include <chrono>
#include <cstdint>

#include "system.hpp"

namespace compare {

/// Connections that each keep one message on its way, and others that do nothing.
class crowd {
 public:
  crowd(std::uint16_t port, std::size_t active, std::size_t idle);

  /// Returns how many messages came back.
  std::uint64_t ask_for(std::chrono::milliseconds time);
  std::chrono::nanoseconds cpu_time() const { return clients_.cpu_time(); }

 private:
  line line_;
  child clients_;
};

/// Connects, waits until the server has closed, and closes, one after the other.
class visitors {
 public:
  explicit visitors(std::uint16_t port);

  void visit(std::uint64_t times);

 private:
  line line_;
  child clients_;
};

}  // namespace compare
