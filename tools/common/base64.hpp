// SPDX-License-Identifier: MIT
#pragma once

// Bytes as text that survives everything (RFC 4648, section 4).

#include <string>

#include <portsock/bytes.hpp>

namespace portsock::tools {

/// "Zm9v" for "foo", padded with '='.
std::string base64(const_bytes bytes);

}  // namespace portsock::tools
