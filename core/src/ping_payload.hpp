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
#include <portsock/icmp_batch.hpp>

namespace portsock::ping {

/// Nobody else's requests begin with it.
using cookie = std::array<std::byte, 8>;

/// The payloads of one engine's requests: the cookie, the request's index in 32 bits, then the
/// pattern; of all that, as much as fits the size.
class payloads {
 public:
  /// An empty pattern is bytes that count up.
  payloads(const cookie& secret, std::size_t size, const_bytes pattern);

  /// The payload of one request, in one of icmp_batch_size places. Valid until the next for that
  /// place.
  const_bytes of(std::uint32_t index, std::size_t place) noexcept;

  /// How much of the cookie each payload holds.
  std::size_t cookie_size() const noexcept { return (std::min)(size_, std::tuple_size_v<cookie>); }
  /// Whether `payload`, or a front part of one, has this engine's cookie as far as it goes.
  bool are_ours(const_bytes payload) const noexcept;

  /// Where `got` first differs from what the request carried; that it ends early is not a
  /// difference.
  std::optional<std::size_t> first_difference(const_bytes got, std::uint32_t index) noexcept;

  /// The index of a request of ours that lies somewhere in `packet`, behind headers.
  std::optional<std::uint32_t> find(const_bytes packet) const noexcept;

 private:
  std::size_t size_;
  cookie secret_;
  std::vector<std::byte> bytes_;
};

/// The index in a payload that reaches so far.
std::optional<std::uint32_t> index_in(const_bytes payload) noexcept;

}  // namespace portsock::ping
