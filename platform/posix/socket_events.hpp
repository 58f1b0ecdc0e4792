// SPDX-License-Identifier: MIT
#pragma once

// Changes that arrive as messages on a socket.

#include <array>
#include <new>

#include <platform/contract.hpp>
#include <platform/interface_events.hpp>

#include "native.hpp"

namespace portsock::platform {

/// `IsChange` tells of the bytes of one read whether there is a change in them.
template <auto IsChange>
class socket_events final : public interface_events {
 public:
  explicit socket_events(unique_handle handle) noexcept : handle_{std::move(handle)} {}

  native_handle native() const noexcept override { return handle_.get(); }

  bool take() noexcept override {
    bool changed = false;
    for (;;) {
      alignas(8) std::array<std::byte, 8192> messages;
      const auto size =
          uninterrupted(::recv, descriptor(handle_.get()), static_cast<void*>(messages.data()),
                        messages.size(), MSG_DONTWAIT);
      if (size > 0)
        changed = IsChange(const_bytes{messages}.first(static_cast<std::size_t>(size))) || changed;
      else if (size < 0 && errno == ENOBUFS)
        changed = true;  // more came than the system kept: look again
      else
        return changed;
    }
  }

 private:
  unique_handle handle_;
};

template <auto IsChange>
result<std::unique_ptr<interface_events, interface_events_deleter>> watch_socket(
    unique_handle handle) noexcept {
  std::unique_ptr<interface_events, interface_events_deleter> made{
      new (std::nothrow) socket_events<IsChange>{std::move(handle)}};
  if (!made) return fail(errc::no_memory);
  return made;
}

}  // namespace portsock::platform
