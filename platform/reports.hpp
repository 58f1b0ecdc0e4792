// SPDX-License-Identifier: MIT
#pragma once

// What a backend supplies for reporting_datagram_socket, beside contract.hpp: connected datagram
// sockets that pass on what ICMP says (reports.cpp).

#include <cstddef>

#include <portsock/bytes.hpp>
#include <portsock/error.hpp>
#include <portsock/handle.hpp>

namespace portsock::platform {

/// From now on the bare calls fail with the reports, where they did not.
result<> report_unreachable(native_handle) noexcept;
/// What the failure of a bare call on such a socket means: errc::connection_refused,
/// host_unreachable and network_unreachable for reports.
error explain_report(error) noexcept;

/// One attempt: errc::would_block instead of waiting, or a report.
result<> try_send_reporting(native_handle, const_bytes datagram) noexcept;
/// The same; more than the buffer has room for: the datagram was cut.
result<std::size_t> try_receive_reporting(native_handle, mutable_bytes buffer) noexcept;

}  // namespace portsock::platform
