// SPDX-License-Identifier: MIT
#pragma once

// Names to endpoints.

#include <cstdint>
#include <optional>
#include <string_view>
#include <vector>

#include <portsock/address.hpp>
#include <portsock/deadline.hpp>
#include <portsock/error.hpp>

namespace portsock {

/// What a service name is looked up for: "http" may have a port over TCP and none over UDP.
enum class transport : std::uint8_t { tcp, udp };

/// The endpoints of `host` in the order in which they should be tried (RFC 6724), without
/// repetition and at least one.
///
/// `host` is an address ("192.0.2.1", "fe80::1%2", "fe80::1%eth0", "[::1]") or a name in UTF-8,
/// which is looked up as IDNA A-labels. Text that looks like an IPv4 address and is none ("127.1",
/// "010.0.0.1") is refused: systems disagree on what it means. Errors: errc::invalid_argument (an
/// empty or malformed name), host_not_found, name_service_busy, name_service_failed, timed_out,
/// cancelled.
///
/// With a deadline other than never() the look-up is given up when the time runs out, on Windows 8
/// and later; elsewhere it runs on a thread of its own, which is left to finish by itself. Safe on
/// any thread.
result<std::vector<endpoint>> resolve(std::string_view host, std::uint16_t port,
                                      deadline until = deadline::never(),
                                      std::optional<family> only = std::nullopt);
/// `service` is a decimal port (0 to 65535) or a name of the system's services. Further errors:
/// errc::invalid_argument (a port out of range), service_not_found.
result<std::vector<endpoint>> resolve(std::string_view host, std::string_view service,
                                      transport over, deadline until = deadline::never(),
                                      std::optional<family> only = std::nullopt);

}  // namespace portsock
