// SPDX-License-Identifier: MIT
#include <tests/support/system.hpp>

#include <winsock2.h>
#include <ws2tcpip.h>

#include <windows.h>

#include <stdexcept>

#include <portsock/native_endpoint.hpp>

namespace portsock::tests {
namespace {

SOCKET descriptor(native_handle handle) { return static_cast<SOCKET>(handle); }
HANDLE as_handle(native_handle handle) { return reinterpret_cast<HANDLE>(handle); }

void check(bool succeeded) {
  if (!succeeded) throw std::runtime_error{"a system call of the test failed"};
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
  return count;
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
