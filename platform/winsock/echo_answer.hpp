// SPDX-License-Identifier: MIT
#pragma once

// What the echo functions of iphlpapi leave in a buffer, and what it means in terms of ICMP.

#include <cstdint>
#include <optional>

#include <portsock/icmp_socket.hpp>

#include "native.hpp"

namespace portsock::platform {

/// An answer, or that there was none, as the system puts it.
struct echo_answer {
  ULONG status;  ///< IP_SUCCESS and its like: a number space of its own, apart from the WSA codes
  ip_address from;
  std::optional<std::uint8_t> hop_limit;
  const_bytes payload;  ///< of an echo reply; points into the buffer
};

/// The buffer that `payload_size` bytes and their answer need, whichever it is.
std::size_t answer_size(std::size_t payload_size) noexcept;

/// Reads it after the system has signalled that it is there.
echo_answer read_answer(family, mutable_bytes buffer, std::size_t payload_size) noexcept;

/// The message that the answer was made of; nothing for what no message caused.
std::optional<icmp::message> message_of(const echo_answer& answer, family,
                                        const icmp::echo& request, const ip_address& peer) noexcept;

/// What a failed call of the API, or an answer that is no message, means.
error echo_error(ULONG status) noexcept;

}  // namespace portsock::platform
