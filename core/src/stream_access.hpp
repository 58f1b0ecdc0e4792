// SPDX-License-Identifier: MIT
#pragma once

#include <portsock/stream_socket.hpp>

namespace portsock::detail {

/// What a stream makes of the outcome of a call that something else did on its handle: so that a
/// reset that a transfer met is known to receive(), too.
struct stream_access {
  static result<std::size_t> sent(stream_socket& s, result<std::size_t> outcome) noexcept {
    return s.explained(outcome);
  }
  static result<std::size_t> got(stream_socket& s, result<std::size_t> outcome) noexcept {
    return s.got(outcome);
  }
  static bool is_shut(const stream_socket& s) noexcept {
    return s.handle_.has(unique_handle::note::receive_shut);
  }
};

}  // namespace portsock::detail
