// SPDX-License-Identifier: MIT
#pragma once

// What this backend calls things: sockets are unsigned words, lengths are ints, and failures are
// SOCKET_ERROR and a code of the thread's, which the next call may overwrite.

#include <algorithm>
#include <cstddef>

// This order: the API's own headers exclude or want each other (Microsoft Learn, "Include Files").
// clang-format off
#include <winsock2.h>
#include <ws2tcpip.h>
#include <mswsock.h>
#include <mstcpip.h>
#include <windows.h>
#include <afunix.h>
// clang-format on

#include <portsock/error.hpp>
#include <portsock/handle.hpp>

namespace portsock::platform {

using address_length = int;
using poll_entry = WSAPOLLFD;

/// No number but a wish: as many as the provider finds reasonable (Microsoft Learn, listen).
inline constexpr int largest_backlog = SOMAXCONN;

constexpr SOCKET descriptor(native_handle s) noexcept { return static_cast<SOCKET>(s); }
constexpr native_handle to_handle(SOCKET s) noexcept {
  return native_handle{static_cast<std::intptr_t>(s)};
}

/// The thread's last code, and what the table says of it.
error system_error(int code) noexcept;
inline error last_error() noexcept { return system_error(::WSAGetLastError()); }

/// For calls that answer 0 or SOCKET_ERROR.
inline result<> checked(int outcome) noexcept {
  if (outcome < 0) return std::unexpected{last_error()};
  return {};
}

/// What one call moves at most: an int holds it, and so does the sum of what WSASend answers.
inline constexpr std::size_t largest_length = std::size_t{1} << 30;

constexpr int length(std::size_t size) noexcept {
  return static_cast<int>((std::min)(size, largest_length));
}

inline const char* chars(const void* data) noexcept { return static_cast<const char*>(data); }
inline char* chars(void* buffer) noexcept { return static_cast<char*>(buffer); }

}  // namespace portsock::platform
