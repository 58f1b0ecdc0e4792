// SPDX-License-Identifier: MIT
#pragma once

// Where what is sent comes from, beside standard input.

#include <cstdint>
#include <istream>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include <tools/send/send.hpp>

namespace portsock::tools {

/// `size` bytes of value 0.
std::shared_ptr<std::istream> zeros(std::uint64_t size);
/// `size` bytes of a generator with a random start: they do not compress, and are no secret.
std::shared_ptr<std::istream> noise(std::uint64_t size);
/// The bytes of "48 65:6c 6c 6F"; nothing when that is no hexadecimal text.
std::optional<std::string> from_hexadecimal(std::string_view text);

}  // namespace portsock::tools
