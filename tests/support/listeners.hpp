// SPDX-License-Identifier: MIT
#pragma once

#include <portsock/stream_listener.hpp>
#include <tests/support/system.hpp>

namespace portsock::tests {

/// Whether a second listener was refused, as it has to be, where one has the wildcard and the other
/// an address of the port; or let in, where the system does not tell these apart.
inline bool is_kept_apart_as_it_can(const result<stream_listener>& second) {
  if (system().listens_beside_the_wildcard) return second.has_value();
  return !second && second.error() == errc::address_in_use;
}

}  // namespace portsock::tests
