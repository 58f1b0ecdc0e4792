// SPDX-License-Identifier: MIT
#pragma once

// Hearing of it when the host's interfaces or their addresses change.

#include <memory>

#include <portsock/error.hpp>
#include <portsock/handle.hpp>

namespace portsock {

namespace platform {
class interface_events;
struct interface_events_deleter {
  void operator()(interface_events*) const noexcept;
};
}  // namespace platform

/// Becomes ready to receive when an interface comes, goes, goes up or down, or gets or loses an
/// address. What changed, interfaces() tells: systems report the same change in one message or in
/// five, so that what they say is no more than "look again".
///
/// A listener on the wildcard needs none of this; a socket bound to an address may have to be bound
/// anew, and a group joined again (Windows drops both with the address).
class interface_watch {
 public:
  /// Errors: errc::not_supported, too_many_sockets, no_memory. Wine opens one and tells nothing.
  static result<interface_watch> open() noexcept;

  /// Whether anything changed since the last call, or since open(). Does not wait.
  bool changed() noexcept;
  /// For a poller.
  native_handle native() const noexcept;

 private:
  using events = std::unique_ptr<platform::interface_events, platform::interface_events_deleter>;

  explicit interface_watch(events opened) noexcept : events_{std::move(opened)} {}

  events events_;
};

}  // namespace portsock
