// SPDX-License-Identifier: MIT
#pragma once

// What requests carry, so that replies can be told from other people's, and from damaged ones.

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <vector>

#include <portsock/bytes.hpp>

namespace portsock::tools {

/// Nobody else's requests begin with it.
using cookie = std::array<std::byte, 8>;

/// The payloads of one session's requests: the cookie, the request's index in 32 bits, then bytes
/// that count up; of all that, as much as fits the size.
class payloads {
 public:
  payloads(const cookie& secret, std::size_t size);

  /// The payload of one request. Valid until the next call.
  const_bytes of(std::uint32_t index) noexcept;

  /// How much of the cookie each payload holds.
  std::size_t cookie_size() const noexcept {
    return (std::min)(bytes_.size(), std::tuple_size_v<cookie>);
  }
  /// Whether `payload`, or a front part of one, has this session's cookie as far as it goes.
  bool are_ours(const_bytes payload) const noexcept;

 private:
  std::vector<std::byte> bytes_;
};

/// The index in a payload that reaches so far.
std::optional<std::uint32_t> index_in(const_bytes payload) noexcept;

/// Where `got` first differs from `sent`; that it ends early is not a difference.
std::optional<std::size_t> first_difference(const_bytes got, const_bytes sent) noexcept;

}  // namespace portsock::tools
