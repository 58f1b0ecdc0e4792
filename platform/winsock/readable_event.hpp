// SPDX-License-Identifier: MIT
#pragma once

// For waits that know events and no sockets.

#include <memory>

#include "native.hpp"

namespace portsock::platform {

/// An event that is set while the datagram socket `s` has something to receive. It looks by a
/// receive that takes nothing away and stays under way: WSAEventSelect would take the socket from
/// anybody else who waits for it.
class readable_event {
 public:
  explicit readable_event(native_handle s) noexcept : socket_{descriptor(s)} {
    if (s == native_handle::invalid) return;
    event_.reset(::CreateEventW(nullptr, TRUE, FALSE, nullptr));
    if (!event_) return;
    operation_.hEvent = event_.get();
    WSABUF into{sizeof byte_, &byte_};
    DWORD flags = MSG_PEEK;
    const int outcome = ::WSARecv(socket_, &into, 1, nullptr, &flags, &operation_, nullptr);
    under_way_ = outcome != 0 && ::WSAGetLastError() == WSA_IO_PENDING;
    if (!under_way_) ::SetEvent(event_.get());  // it is readable, or will never be
  }
  readable_event(const readable_event&) = delete;
  readable_event& operator=(const readable_event&) = delete;
  ~readable_event() {
    if (!under_way_) return;
    // The system writes to this object until the operation is over.
    const auto file = reinterpret_cast<HANDLE>(socket_);
    DWORD size = 0;
    ::CancelIoEx(file, &operation_);
    ::GetOverlappedResult(file, &operation_, &size, TRUE);
  }

  /// nullptr for an invalid socket.
  HANDLE get() const noexcept { return event_.get(); }

 private:
  SOCKET socket_;
  std::unique_ptr<void, decltype(&::CloseHandle)> event_{nullptr, &::CloseHandle};
  OVERLAPPED operation_{};
  char byte_ = 0;
  bool under_way_ = false;
};

}  // namespace portsock::platform
