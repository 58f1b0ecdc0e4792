// SPDX-License-Identifier: MIT
#pragma once

// The part of the contract that relays stand on.

#include <cstddef>
#include <memory>

#include <portsock/bytes.hpp>
#include <portsock/error.hpp>
#include <portsock/file.hpp>
#include <portsock/handle.hpp>

namespace portsock::platform {

/// One end of a relay: a socket, or a file.
struct transfer_end {
  native_handle socket = native_handle::invalid;
  file_handle file = file_handle::invalid;
  constexpr bool is_socket() const noexcept { return socket != native_handle::invalid; }
};

/// A place inside the system for bytes that are on their way.
class conduit {
 public:
  virtual ~conduit() = default;
  std::size_t held() const noexcept { return held_; }
  /// Into an empty one: at least one byte and at most `most`; 0 at the end of the source. `waits`:
  /// as a bare call; without, errc::would_block instead. errc::not_supported: not from here.
  virtual result<std::size_t> take(const transfer_end& from, std::size_t most,
                                   bool waits) noexcept = 0;
  /// Of what it holds at least one byte and at most `most`. No signal.
  virtual result<std::size_t> give(const transfer_end& to, std::size_t most,
                                   bool waits) noexcept = 0;
  /// Empties it into `room`, which is as large as held().
  virtual std::size_t drain(mutable_bytes room) noexcept = 0;

 protected:
  std::size_t held_ = 0;
};
using owned_conduit = std::unique_ptr<conduit>;

/// errc::not_supported where the system has none.
result<owned_conduit> open_conduit() noexcept;

}  // namespace portsock::platform
