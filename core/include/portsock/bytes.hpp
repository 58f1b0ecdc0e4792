// SPDX-License-Identifier: MIT
#pragma once

// Bytes to send and room for bytes to receive: views, never owners.

#include <cstddef>
#include <span>
#include <string_view>

namespace portsock {

using const_bytes = std::span<const std::byte>;
using mutable_bytes = std::span<std::byte>;

/// The bytes of `text`, which must outlive the view.
inline const_bytes as_bytes(std::string_view text) noexcept {
  return std::as_bytes(std::span{text});
}

/// `bytes` seen as characters; they must outlive the view. No encoding is checked.
inline std::string_view as_text(const_bytes bytes) noexcept {
  return {reinterpret_cast<const char*>(bytes.data()), bytes.size()};
}

}  // namespace portsock
