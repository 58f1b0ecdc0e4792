// SPDX-License-Identifier: MIT
#pragma once

// What a backend supplies for interface_watch, beside contract.hpp.

#include <memory>

#include <portsock/interface_watch.hpp>

namespace portsock::platform {

class interface_events {
 public:
  virtual ~interface_events() = default;
  /// Readable once something has changed, until take(). Pollable like a socket.
  virtual native_handle native() const noexcept = 0;
  /// Whether something has changed since the last call; does not wait.
  virtual bool take() noexcept = 0;
};

/// errc::not_supported where the running system tells no changes.
result<std::unique_ptr<interface_events, interface_events_deleter>>
open_interface_events() noexcept;

}  // namespace portsock::platform
