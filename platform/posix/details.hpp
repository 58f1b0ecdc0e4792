// SPDX-License-Identifier: MIT
#pragma once

// The details of a datagram whose names differ inside POSIX; each system's details.cpp. What RFC
// 3542 names for IPv6, all have.

#include <portsock/datagram_details.hpp>
#include <portsock/detail/calls.hpp>
#include <portsock/error.hpp>

#include "control.hpp"
#include "native.hpp"

namespace portsock::platform {

/// Sets an option that is an int. -1 and errno.
inline int set_number(int s, int level, int name, int value) noexcept {
  return ::setsockopt(s, level, name, &value, sizeof value);
}

/// Switches a report on or off. -1 and errno.
int report_v4_destination(int s, bool on) noexcept;
int report_arrival(int s, bool on) noexcept;

/// Takes what `item` says of a datagram, if it is one of this system's.
void read_system_detail(const control_item& item, datagram_details& into) noexcept;

/// Says by which source, and by which interface, an IPv4 datagram shall leave.
result<> add_v4_source(native_handle s, native_control_writer&, const send_details&) noexcept;
/// errc::not_supported where a socket can only be told for all of its datagrams.
result<> add_v4_hop_limit(native_control_writer&, int hops) noexcept;
void add_v4_traffic_class(native_control_writer&, int value) noexcept;

/// Adds what `how` says, for the family of the peer: `peer`, or the one that `s` is connected to.
/// errc::invalid_argument for a source of the other family.
result<> add_details(native_handle s, native_control_writer&, const native_endpoint* peer,
                     const send_details& how) noexcept;

}  // namespace portsock::platform
