// SPDX-License-Identifier: MIT
#include <tests/support/system.hpp>

#include <winsock2.h>
#include <ws2tcpip.h>

#include <windows.h>

#include <cstring>
#include <stdexcept>
#include <vector>

#include <portsock/native_endpoint.hpp>

namespace portsock::tests {
namespace {

SOCKET descriptor(native_handle handle) { return static_cast<SOCKET>(handle); }
HANDLE as_handle(native_handle handle) { return reinterpret_cast<HANDLE>(handle); }

void check(bool succeeded) {
  if (!succeeded) throw std::runtime_error{"a system call of the test failed"};
}

/// Wine answers 0 when it is asked for the number alone. This is all handles of all processes.
std::size_t count_in_system_table() {
  constexpr ULONG system_handle_information = 16;
  struct table_entry {
    ULONG process;
    UCHAR type;
    UCHAR flags;
    USHORT value;
    void* object;
    ULONG access;
  };
  using query = LONG(WINAPI*)(ULONG what, void* into, ULONG size, ULONG* needed);
  static const auto ask = reinterpret_cast<query>(reinterpret_cast<void*>(
      ::GetProcAddress(::GetModuleHandleW(L"ntdll.dll"), "NtQuerySystemInformation")));
  constexpr LONG too_small = static_cast<LONG>(0xc0000004);
  std::vector<std::byte> table(1 << 16);
  LONG status = too_small;
  while ((status = ask(system_handle_information, table.data(), static_cast<ULONG>(table.size()),
                       nullptr)) == too_small)
    table.resize(table.size() * 2);
  check(status == 0);
  ULONG size = 0;
  std::memcpy(&size, table.data(), sizeof size);
  constexpr std::size_t begin = alignof(void*);
  std::size_t count = 0;
  for (std::size_t i = 0; i != size; ++i) {
    table_entry entry;
    std::memcpy(&entry, table.data() + begin + i * sizeof entry, sizeof entry);
    if (entry.process == ::GetCurrentProcessId()) ++count;
  }
  return count;
}

}  // namespace

std::uint32_t process_id() { return ::GetCurrentProcessId(); }

bool is_inheritable(native_handle handle) {
  DWORD flags = 0;
  check(::GetHandleInformation(as_handle(handle), &flags) != 0);
  return (flags & HANDLE_FLAG_INHERIT) != 0;
}

std::size_t count_open_handles() {
  DWORD count = 0;
  check(::GetProcessHandleCount(::GetCurrentProcess(), &count) != 0);
  return count != 0 ? count : count_in_system_table();
}

bool tests_alone_open_handles() { return false; }

void open_what_is_kept() {
  // It cannot be told what that is.
}

native_handle foreign_socket(family of, kind is) {
  WSADATA data;
  check(::WSAStartup(MAKEWORD(2, 2), &data) == 0);
  const SOCKET made = ::socket(of == family::v4 ? AF_INET : AF_INET6,
                               is == kind::datagram ? SOCK_DGRAM : SOCK_STREAM, 0);
  check(made != INVALID_SOCKET);
  return native_handle{static_cast<std::intptr_t>(made)};
}

void make_inheritable(native_handle handle) {
  check(::SetHandleInformation(as_handle(handle), HANDLE_FLAG_INHERIT, HANDLE_FLAG_INHERIT) != 0);
}

void bind_foreign(native_handle handle, const endpoint& local) {
  const native_endpoint name{local};
  check(::bind(descriptor(handle), static_cast<const sockaddr*>(name.data()),
               static_cast<int>(name.size())) == 0);
}

void start_to_connect(native_handle handle, const endpoint& peer) {
  const native_endpoint name{peer};
  static_cast<void>(::connect(descriptor(handle), static_cast<const sockaddr*>(name.data()),
                              static_cast<int>(name.size())));
}

void close_foreign(native_handle handle) { ::closesocket(descriptor(handle)); }

other_handle::other_handle()
    : handle_{reinterpret_cast<std::intptr_t>(::CreateEventW(nullptr, TRUE, FALSE, nullptr))} {}
other_handle::~other_handle() { ::CloseHandle(as_handle(handle_)); }

}  // namespace portsock::tests
