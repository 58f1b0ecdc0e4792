// SPDX-License-Identifier: MIT
#include <array>
#include <memory>

#include <platform/contract.hpp>

#include "native.hpp"

namespace portsock::platform {

result<> drop_privileges() noexcept {
  HANDLE opened = nullptr;
  if (!::OpenProcessToken(::GetCurrentProcess(), TOKEN_ADJUST_PRIVILEGES | TOKEN_QUERY, &opened))
    return std::unexpected{last_error()};
  const std::unique_ptr<void, decltype(&::CloseHandle)> token{opened, &::CloseHandle};

  // There are some forty privileges of twelve bytes.
  alignas(TOKEN_PRIVILEGES) std::array<std::byte, 4096> room;
  DWORD size = 0;
  if (!::GetTokenInformation(opened, TokenPrivileges, room.data(), DWORD{room.size()}, &size))
    return std::unexpected{last_error()};
  auto& held = *reinterpret_cast<TOKEN_PRIVILEGES*>(room.data());

  // Everybody has this one, and opening a file in a folder wants it.
  LUID kept{};
  if (!::LookupPrivilegeValueW(nullptr, SE_CHANGE_NOTIFY_NAME, &kept))
    return std::unexpected{last_error()};
  for (DWORD i = 0; i != held.PrivilegeCount; ++i) {
    auto& privilege = held.Privileges[i];
    const bool keep =
        privilege.Luid.LowPart == kept.LowPart && privilege.Luid.HighPart == kept.HighPart;
    if (!keep) privilege.Attributes = SE_PRIVILEGE_REMOVED;
  }
  if (!::AdjustTokenPrivileges(opened, FALSE, &held, 0, nullptr, nullptr))
    return std::unexpected{last_error()};
  // A success may be one in part.
  if (::GetLastError() != ERROR_SUCCESS) return std::unexpected{last_error()};
  return {};
}

}  // namespace portsock::platform
