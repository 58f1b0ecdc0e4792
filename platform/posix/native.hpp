// SPDX-License-Identifier: MIT
#pragma once

// What this backend calls things: sockets are ints, failures are -1 and errno, and a signal may
// interrupt any call.

#include <cerrno>
#include <concepts>
#include <cstddef>
#include <limits>
#include <utility>

#include <arpa/inet.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <sys/socket.h>
#include <sys/uio.h>
#include <sys/un.h>
#include <unistd.h>

#include <portsock/error.hpp>
#include <portsock/handle.hpp>

namespace portsock::platform {

using address_length = socklen_t;
using poll_entry = pollfd;

/// listen(2) clamps it to somaxconn.
inline constexpr int largest_backlog = (std::numeric_limits<int>::max)();

constexpr int descriptor(native_handle s) noexcept { return static_cast<int>(s); }
constexpr native_handle to_handle(int fd) noexcept { return native_handle{fd}; }

/// errno, and what the table says of it.
error system_error(int code) noexcept;
inline error last_error() noexcept { return system_error(errno); }

/// Calls again as long as a signal interrupts. Not for close (the descriptor is gone) nor for
/// connect (the attempt goes on).
template <class Call, class... Arguments>
auto uninterrupted(Call call, Arguments... arguments) noexcept {
  for (;;) {
    const auto outcome = call(arguments...);
    if (outcome >= 0 || errno != EINTR) [[likely]]
      return outcome;
  }
}

/// For calls that answer 0 or -1.
inline result<> checked(int outcome) noexcept {
  if (outcome < 0) return std::unexpected{last_error()};
  return {};
}

/// For calls that answer a number of bytes or -1.
inline result<std::size_t> counted(std::signed_integral auto size) noexcept {
  if (size < 0) [[unlikely]]
    return std::unexpected{last_error()};
  return static_cast<std::size_t>(size);
}

}  // namespace portsock::platform
