// SPDX-License-Identifier: MIT
#pragma once

// Addresses as people type them.

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include <portsock/local_address.hpp>
#include <portsock/resolver.hpp>

namespace portsock::tools {

/// The parts of "udp://[::1]:53", "localhost:http", "192.0.2.1" or "::1". Nothing is looked up.
struct address_text {
  std::optional<transport> over{};    ///< what a scheme said
  std::string host{};                 ///< brackets included; empty: none
  std::optional<std::string> port{};  ///< what follows the last colon
};

/// What stands alone is a host; a host of several colons without brackets has no port. Throws the
/// error that parse() prints for a scheme other than tcp:// and udp://, and for half a pair of
/// brackets.
address_text split_address(std::string_view text);

/// A socket inside this host.
struct local_text {
  local_address at;
  bool datagrams = false;
};

/// "unix:/run/app.sock", "unix-dgram:/run/log", "unix:@name" (Linux's abstract namespace; a file of
/// that name is ./@name). Nothing is returned for text of another kind. Throws the error that
/// parse() prints for a path that the system cannot have.
std::optional<local_text> split_local(std::string_view text);

/// The number in `text`, or that of the service of this name ("http"), which is looked up for
/// `over`, or for TCP first when that is unknown. Throws the error that parse() prints.
std::uint16_t port_argument(std::string_view text, std::optional<transport> over = std::nullopt);

}  // namespace portsock::tools
