// SPDX-License-Identifier: MIT
#include <platform/memory/host_system.hpp>

#include <winsock2.h>

namespace portsock::platform::memory {
namespace {

/// Open as long as the process.
HANDLE bell() noexcept {
  static const HANDLE made = ::CreateEventW(nullptr, FALSE, FALSE, nullptr);
  return made;
}

}  // namespace

void set_last_failure(error reason) noexcept { ::WSASetLastError(reason.value()); }

std::uint32_t process_id() noexcept { return ::GetCurrentProcessId(); }

void ring_bell() noexcept { ::SetEvent(bell()); }
bool wait_for_bell() noexcept { return ::WaitForSingleObject(bell(), INFINITE) == WAIT_OBJECT_0; }

}  // namespace portsock::platform::memory
