// SPDX-License-Identifier: MIT
#pragma once

// How the two ends of a connection reach each other, for connecting.cpp. Under the lock.

#include <functional>

#include "objects.hpp"
#include "packets.hpp"

namespace portsock::platform::memory {

/// The packets from this end to its peer, for chance.
flow flow_from(const stream&);
/// What only answers this end, which is a flow of its own: when the peer says something, it meets
/// the same chance whatever it has heard.
flow answers_to(const stream&);
/// Whether its segments may pass as many routers as are on that way.
bool passes_routers(const socket_object& from, const path&) noexcept;
/// Whether its host has its address no more: a connection stays where it was when its host moves.
bool is_stranded(const socket_object&) noexcept;
/// Whether anything that this end sends that way now reaches the other.
bool leads_on(const path&, const stream& from, const stream& to) noexcept;

/// What a segment carries at most; also over a path whose mtu leaves no room.
std::uint32_t segment_size_over(const path&) noexcept;

/// The first wait before something is sent again, twice as long each time, but two minutes at most.
duration doubled(duration first, int times) noexcept;

/// At once, if it is due.
void happen_at(time_point when, std::function<void()> what);

void fail_stream(stream&, errc reason);

/// What has not been acknowledged is sent again later, or it is asked whether there is room.
void retry_later(const std::shared_ptr<stream>&);

/// What it means to a connection that its other end has told it is gone.
void be_reset(stream&);
/// Whether the peer will hear of it.
bool send_reset(stream&);
/// Sends a reset, and nothing more afterwards; what has left already arrives.
void abort_stream(stream&);

/// As platform::send, with handles beside the first byte, which may be urgent.
result<std::size_t> send_some(guard&, native_handle, std::span<const const_bytes>, bool waits,
                              std::vector<object_ref> handles = {}, bool urgent = false);
/// As platform::receive. The handles that have come with it go to `handles`, or nowhere.
result<std::size_t> receive_some(guard&, native_handle, std::span<const mutable_bytes>, bool waits,
                                 std::vector<object_ref>* handles = nullptr);
void drop(std::vector<object_ref>& handles);

/// Two ends that nobody holds any more let go of each other.
void part_if_over(stream&);

}  // namespace portsock::platform::memory
