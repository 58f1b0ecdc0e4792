// SPDX-License-Identifier: MIT
#pragma once

// AFD, the driver below Winsock, asked without Winsock: what WSAPoll asks for many sockets at once
// and waits for, it also answers for one, later, to a completion port. No header of Microsoft's
// names these structures and codes; that they are what they were since Windows XP, wepoll, libuv
// and mio rely on.

#include <cstdint>
#include <limits>
#include <memory>

#include "native.hpp"

// After native.hpp, whose order counts.
#include <winternl.h>

namespace portsock::platform::afd {

// What a poll may ask for, and what it answers.
inline constexpr ULONG can_receive = 0x001;
inline constexpr ULONG can_send = 0x004;
inline constexpr ULONG end_of_stream = 0x008;
inline constexpr ULONG aborted = 0x010;
inline constexpr ULONG closed_here = 0x020;  ///< this process closed the socket
inline constexpr ULONG can_accept = 0x080;
inline constexpr ULONG connect_failed = 0x100;

/// AFD_POLL_INFO for one socket. The driver reads it when the poll starts, and writes it with its
/// answer.
struct poll_info {
  std::int64_t timeout = (std::numeric_limits<std::int64_t>::max)();  ///< never, in 100 ns
  ULONG count = 1;
  ULONG exclusive = FALSE;  ///< others may poll the same socket
  HANDLE socket = nullptr;
  ULONG events = 0;
  LONG status = 0;
};
static_assert(sizeof(poll_info) == 32);

/// What the system writes to until a poll is over; so long it may not move.
struct poll_operation {
  IO_STATUS_BLOCK outcome{};
  poll_info info;

  /// What the poll that is over found; 0 if it was cancelled.
  ULONG events() const noexcept;
};

struct close_handle {
  void operator()(HANDLE handle) const noexcept { ::CloseHandle(handle); }
};
using unique_object = std::unique_ptr<void, close_handle>;

/// A way to the driver whose polls end in `port`, but for those that are over at once.
/// errc::not_supported where there is none.
result<unique_object> open_device(HANDLE port) noexcept;

enum class progress : std::uint8_t {
  over,         ///< and nothing comes to the port
  under_way,    ///< `context` will come to the port
  socket_gone,  ///< the handle is no socket any more
  failed,       ///< the system lacks something; GetLastError() says what
};
/// Asks `device` for `events` of `poll.info.socket`. `context` is not zero.
progress start(HANDLE device, poll_operation& poll, ULONG events, std::uintptr_t context) noexcept;
/// The poll will be over soon, if it is not already; in the port, in any case.
void cancel(HANDLE device, poll_operation& poll) noexcept;
void cancel_all(HANDLE device) noexcept;

/// The driver's own handle of a socket, below the providers that may be layered over it.
result<HANDLE> base_of(native_handle s) noexcept;

}  // namespace portsock::platform::afd
