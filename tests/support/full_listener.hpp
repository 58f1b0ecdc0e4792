// SPDX-License-Identifier: MIT
#pragma once

// A peer that does not answer.

#include <vector>

#include <tests/support/sockets.hpp>
#include <tests/support/system.hpp>

namespace portsock::tests {

/// A listener whose queue is full. How many fit differs; the first that does not gets no answer, or
/// is refused.
class full_listener {
 public:
  explicit full_listener(const endpoint& where)
      : listener_{must(stream_listener::listen(where, {.backlog = 1}))} {
    while (queued_.size() < 300) {
      auto next = stream_socket::connect(this->where(), deadline::in(300ms));
      if (!next) break;
      queued_.push_back(std::move(*next));
    }
  }

  endpoint where() const { return must(listener_.local_endpoint()); }
  static errc answer(errc when_there_is_none) {
    return system().full_queues_refuse ? errc::connection_refused : when_there_is_none;
  }

 private:
  stream_listener listener_;
  std::vector<stream_socket> queued_;
};

}  // namespace portsock::tests
