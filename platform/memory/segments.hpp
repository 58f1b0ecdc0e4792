// SPDX-License-Identifier: MIT
#pragma once

// How the two ends of a connection reach each other, for connecting.cpp. Under the lock.

#include <functional>

#include "objects.hpp"
#include "packets.hpp"

namespace portsock::platform::memory {

/// The packets from this end to its peer, for chance.
flow flow_from(const stream&);

/// The first wait before something is sent again, twice as long each time, but two minutes at most.
duration doubled(duration first, int times) noexcept;

/// At once, if it is due.
void happen_at(time_point when, std::function<void()> what);

void fail_stream(stream&, errc reason);

/// What it means to a connection that its other end has told it is gone.
void be_reset(stream&);
void send_reset(stream&);

/// Two ends that nobody holds any more let go of each other.
void part_if_over(stream&);

}  // namespace portsock::platform::memory
