// SPDX-License-Identifier: MIT
#include "file.hpp"

#include <platform/bsd/poll.hpp>
#include <platform/contract.hpp>

#include "system.hpp"
#include "utf8.hpp"

namespace portsock::platform {
namespace {

/// What is read or written at once: a DWORD holds it, and a console's buffer does.
constexpr std::size_t largest_size = 1 << 20;

constexpr DWORD size_for(std::size_t size) noexcept {
  return static_cast<DWORD>((std::min)(size, largest_size));
}

/// Milliseconds between two looks at a pipe, which nothing waits for.
constexpr int look_again_after = 5;

/// Nothing to read yet from a pipe that has a writer.
bool is_dry(HANDLE pipe) noexcept {
  DWORD available = 0;
  return ::PeekNamedPipe(pipe, nullptr, 0, nullptr, &available, nullptr) != 0 && available == 0;
}

}  // namespace

result<unique_file> open_file(const std::string& path, file_use use) {
  const bool reads = use == file_use::read;
  // As anywhere else, a file that is open can be written, renamed and deleted by others.
  const auto handle = ::CreateFileW(to_wide(path).c_str(), reads ? GENERIC_READ : GENERIC_WRITE,
                                    FILE_SHARE_READ | FILE_SHARE_WRITE | FILE_SHARE_DELETE, nullptr,
                                    reads ? OPEN_EXISTING : CREATE_ALWAYS,
                                    FILE_ATTRIBUTE_NORMAL | FILE_FLAG_SEQUENTIAL_SCAN, nullptr);
  if (handle == INVALID_HANDLE_VALUE) return std::unexpected{last_error()};
  return unique_file{file_handle{reinterpret_cast<std::intptr_t>(handle)}};
}

void close(file_handle file) noexcept { ::CloseHandle(as_handle(file)); }

result<std::uint64_t> size_of(file_handle file) noexcept {
  if (!is_on_disk(file)) return fail(errc::not_supported);
  LARGE_INTEGER size;
  if (::GetFileSizeEx(as_handle(file), &size) == 0) return std::unexpected{last_error()};
  return static_cast<std::uint64_t>(size.QuadPart);
}

result<std::uint64_t> position(file_handle file) noexcept {
  // A closed handle is of no type either.
  DWORD flags = 0;
  if (::GetHandleInformation(as_handle(file), &flags) == 0) return std::unexpected{last_error()};
  if (!is_on_disk(file)) return fail(errc::not_supported);
  LARGE_INTEGER at;
  if (::SetFilePointerEx(as_handle(file), {}, &at, FILE_CURRENT) == 0)
    return std::unexpected{last_error()};
  return static_cast<std::uint64_t>(at.QuadPart);
}

void set_position(file_handle file, std::uint64_t at) noexcept {
  LARGE_INTEGER to;
  to.QuadPart = static_cast<LONGLONG>(at);
  ::SetFilePointerEx(as_handle(file), to, nullptr, FILE_BEGIN);
}

result<std::size_t> read(file_handle file, mutable_bytes room,
                         std::optional<std::uint64_t> offset) noexcept {
  if (offset && !is_on_disk(file)) return fail(errc::not_supported);
  auto at = at_offset(offset.value_or(0));
  DWORD size = 0;
  if (::ReadFile(as_handle(file), room.data(), size_for(room.size()), &size,
                 offset ? &at : nullptr) != 0)
    return size;
  const auto reason = last_error();
  // The end of a file, if an offset was given, and of a pipe.
  if (reason.value() == ERROR_HANDLE_EOF || reason.value() == ERROR_BROKEN_PIPE) return 0u;
  return std::unexpected{reason};
}

result<std::size_t> write(file_handle file, const_bytes data, bool) noexcept {
  DWORD size = 0;
  if (::WriteFile(as_handle(file), data.data(), size_for(data.size()), &size, nullptr) == 0)
    return std::unexpected{last_error()};
  // A pipe that does not wait, and is full.
  if (size == 0 && !data.empty()) return fail(errc::would_block);
  return size;
}

result<bool> wait(file_handle file, interest wanted, deadline until) noexcept {
  if (wanted == interest::send || ::GetFileType(as_handle(file)) != FILE_TYPE_PIPE) return true;
  while (is_dry(as_handle(file))) {
    const int left = milliseconds_left(until);
    if (left == 0) return false;
    const int slice = left < 0 ? look_again_after : (std::min)(left, look_again_after);
    if (until.cancel_handle() == native_handle::invalid) {
      ::Sleep(static_cast<DWORD>(slice));
      continue;
    }
    const auto cancelled = wait(until.cancel_handle(), interest::receive,
                                deadline::in(std::chrono::milliseconds{slice}));
    if (!cancelled) return cancelled.failure();
    if (*cancelled) return fail(errc::cancelled);
  }
  return true;
}

}  // namespace portsock::platform
