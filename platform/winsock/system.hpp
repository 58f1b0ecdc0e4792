// SPDX-License-Identifier: MIT
#pragma once

// What the files of this backend ask of Windows besides sockets.

#include <algorithm>
#include <chrono>

#include <portsock/deadline.hpp>
#include <portsock/poller.hpp>

#include "native.hpp"

namespace portsock::platform {

/// Starts Winsock, the first time in a process, on whatever thread. It is never stopped: the last
/// WSACleanup would close the sockets of everybody in the process (Microsoft Learn, WSACleanup).
result<> start() noexcept;

/// What kind of socket this is; known before it is bound, unlike its name.
result<WSAPROTOCOL_INFOW> protocol_of(native_handle s) noexcept;

/// Sets a 32-bit option, as which Windows takes booleans and numbers alike.
inline result<> set_word(native_handle s, int level, int name, DWORD value) noexcept {
  return checked(::setsockopt(descriptor(s), level, name, reinterpret_cast<const char*>(&value),
                              sizeof value));
}

/// There is no MSG_DONTWAIT: who shall not wait asks before. errc::would_block if it would have to.
result<> ready_at_once(native_handle s, interest wanted) noexcept;
/// The same for receiving a datagram, of which an error that is reported is none.
result<> datagram_at_once(native_handle s) noexcept;

/// What is left, in milliseconds, rounded up and cut to a day; -1 (INFINITE too) for never.
inline int milliseconds_left(deadline until) noexcept {
  using std::chrono::milliseconds;
  if (until.is_never()) return -1;
  const auto left = std::chrono::ceil<milliseconds>(until.remaining());
  return static_cast<int>((std::min)(left, milliseconds{std::chrono::days{1}}).count());
}

/// A function of a loaded library that older systems, or the headers, lack; or nullptr.
template <class Function>
Function* find_function(const wchar_t* library, const char* name) noexcept {
  const auto loaded = ::GetModuleHandleW(library);
  if (loaded == nullptr) return nullptr;
  return reinterpret_cast<Function*>(reinterpret_cast<void (*)()>(::GetProcAddress(loaded, name)));
}

}  // namespace portsock::platform
