// SPDX-License-Identifier: MIT
#pragma once

// What connecting to one peer and to the fastest of several have in common.

#include <optional>

#include <portsock/stream_socket.hpp>

#include "waits.hpp"

namespace portsock::detail {

/// A port of the ephemeral range that nobody listens on may have been chosen for this very socket,
/// which is then connected to itself (simultaneous open, RFC 9293, 3.5).
inline bool is_connected_to_itself(const stream_socket& socket) noexcept {
  const auto local = socket.local_endpoint();
  const auto peer = socket.peer_endpoint();
  return local && peer && *local == *peer;
}

/// A socket for `peer`, with its options, and bound to `local` if that is given.
inline result<stream_socket> open_for(const endpoint& peer, const std::optional<endpoint>& local,
                                      const stream_presets& early) noexcept {
  auto handle = platform::open(family_of(peer.address), kind::stream);
  if (!handle) return handle.failure();
  stream_socket socket{std::move(*handle)};
  if (auto set = early.set_on(socket.native()); !set) return set.failure();
  if (local)
    if (auto bound = platform::bind(socket.native(), *local, kind::stream, bind_policy::exclusive);
        !bound)
      return bound.failure();
  if (is_loopback(peer.address)) platform::expect_local_peer(socket.native());
  return socket;
}

}  // namespace portsock::detail
