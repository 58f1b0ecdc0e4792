// SPDX-License-Identifier: MIT
#pragma once

// Which sockets have which ports, and which packets are for them. Under the lock.

#include <functional>

#include "objects.hpp"

namespace portsock::platform::memory {

/// With a free port if `where` has none. errc::address_in_use, address_not_available.
result<> take_port(socket_object&, endpoint where);
/// The first call that needs one. errc::address_not_available.
result<> take_any_port(socket_object&, const ip_address& address);
void leave_port(const socket_object&);

/// Those bound to this port of the host, whatever their addresses.
void each_bound(std::size_t host, std::uint8_t protocol, std::uint16_t port,
                const std::function<void(socket_object&)>&);
/// Whether what was sent to this address is for the socket.
bool is_bound_to(const socket_object&, const ip_address& destination) noexcept;

void add_raw(packet_socket&);
void remove_raw(const packet_socket&);
void each_raw(std::size_t host, const std::function<void(packet_socket&)>&);
/// Those of UDP that are bound, and the raw ones.
void each_packet_socket(std::size_t host, const std::function<void(packet_socket&)>&);

/// The listener that a connection to `where` is for, or nullptr.
std::shared_ptr<listener> find_listener(std::size_t host, const endpoint& where,
                                        const endpoint& from);

/// Which of so many that share a port gets what comes from there: always the same.
std::size_t balanced(std::size_t count, const endpoint& from) noexcept;

}  // namespace portsock::platform::memory
