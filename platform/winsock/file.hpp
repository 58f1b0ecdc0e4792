// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>

#include <portsock/file.hpp>

#include "native.hpp"

namespace portsock::platform {

inline HANDLE as_handle(file_handle file) noexcept { return reinterpret_cast<HANDLE>(file); }

/// Has a size and offsets; a pipe or a console has neither.
inline bool is_on_disk(file_handle file) noexcept {
  return ::GetFileType(as_handle(file)) == FILE_TYPE_DISK;
}

/// The OVERLAPPED that says nothing but where.
inline OVERLAPPED at_offset(std::uint64_t offset) noexcept {
  OVERLAPPED at{};
  at.Offset = static_cast<DWORD>(offset);
  at.OffsetHigh = static_cast<DWORD>(offset >> 32);
  return at;
}

}  // namespace portsock::platform
