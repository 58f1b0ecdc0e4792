// SPDX-License-Identifier: MIT
#include <tests/support/memory/process.hpp>

#include <windows.h>

namespace portsock::tests::process {

std::uint32_t id() { return ::GetCurrentProcessId(); }
bool has_signals() { return false; }
bool tests_alone_open_files() { return false; }

bool is_file_inheritable(native_handle file) {
  DWORD flags = 0;
  return ::GetHandleInformation(reinterpret_cast<HANDLE>(file), &flags) != 0 &&
         (flags & HANDLE_FLAG_INHERIT) != 0;
}

std::size_t count_open_files() {
  DWORD count = 0;
  return ::GetProcessHandleCount(::GetCurrentProcess(), &count) != 0 ? count : 0;
}

}  // namespace portsock::tests::process
