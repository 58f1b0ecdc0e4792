// SPDX-License-Identifier: MIT
#include "afd.hpp"

#include "system.hpp"

namespace portsock::platform::afd {
namespace {

constexpr ULONG control_poll = 0x00012024;  // IOCTL_AFD_POLL

// <ntstatus.h> and <windows.h> exclude each other.
constexpr NTSTATUS status_success = 0;
constexpr NTSTATUS status_pending = 0x00000103;
constexpr NTSTATUS status_cancelled = static_cast<NTSTATUS>(0xC0000120);
constexpr NTSTATUS status_invalid_handle = static_cast<NTSTATUS>(0xC0000008);
constexpr NTSTATUS status_object_type_mismatch = static_cast<NTSTATUS>(0xC0000024);

/// What ntdll has and no import library of every toolchain.
struct native_calls {
  decltype(&::NtCreateFile) create =
      find_function<std::remove_pointer_t<decltype(&::NtCreateFile)>>(L"ntdll", "NtCreateFile");
  decltype(&::NtDeviceIoControlFile) control =
      find_function<std::remove_pointer_t<decltype(&::NtDeviceIoControlFile)>>(
          L"ntdll", "NtDeviceIoControlFile");
  using cancel_call = NTSTATUS NTAPI(HANDLE, IO_STATUS_BLOCK*, IO_STATUS_BLOCK*);
  cancel_call* cancel = find_function<cancel_call>(L"ntdll", "NtCancelIoFileEx");
  using translate_call = ULONG NTAPI(NTSTATUS);
  translate_call* to_code = find_function<translate_call>(L"ntdll", "RtlNtStatusToDosError");

  bool complete() const noexcept {
    return create != nullptr && control != nullptr && cancel != nullptr && to_code != nullptr;
  }
};

const native_calls& ntdll() noexcept {
  static const native_calls calls;
  return calls;
}

result<unique_object> open_driver() noexcept {
  // Any name below the device's will do; it is seen in lists of a process's handles.
  static wchar_t path[] = L"\\Device\\Afd\\portsock";
  UNICODE_STRING name{sizeof path - sizeof *path, sizeof path, path};
  OBJECT_ATTRIBUTES attributes{};
  attributes.Length = sizeof attributes;
  attributes.ObjectName = &name;
  HANDLE device = nullptr;
  IO_STATUS_BLOCK outcome{};
  const auto status = ntdll().create(&device, SYNCHRONIZE, &attributes, &outcome, nullptr, 0,
                                     FILE_SHARE_READ | FILE_SHARE_WRITE, FILE_OPEN, 0, nullptr, 0);
  if (status != status_success) return fail(errc::not_supported);
  return unique_object{device};
}

/// Asks the providers of a socket for a handle of the one below.
SOCKET ask_for_base(SOCKET s, DWORD question) noexcept {
  SOCKET base = INVALID_SOCKET;
  DWORD size = 0;
  if (::WSAIoctl(s, question, nullptr, 0, &base, sizeof base, &size, nullptr, nullptr) != 0)
    return INVALID_SOCKET;
  return base;
}

}  // namespace

ULONG poll_operation::events() const noexcept {
  if (outcome.Status == status_cancelled) return 0;
  if (outcome.Status != status_success) return connect_failed;  // the next call knows why
  return info.count == 0 ? 0 : info.events;
}

result<unique_object> open_device(HANDLE port) noexcept {
  if (!ntdll().complete()) return fail(errc::not_supported);
  auto device = open_driver();
  if (!device) return device;
  if (::CreateIoCompletionPort(device->get(), port, 0, 0) == nullptr)
    return fail(errc::not_supported);
  if (::SetFileCompletionNotificationModes(
          device->get(), FILE_SKIP_COMPLETION_PORT_ON_SUCCESS | FILE_SKIP_SET_EVENT_ON_HANDLE) == 0)
    return fail(errc::not_supported);
  return device;
}

progress start(HANDLE device, poll_operation& poll, ULONG events, std::uintptr_t context) noexcept {
  // The socket's field is the one that an answer leaves as it is.
  poll.info = {.socket = poll.info.socket, .events = events};
  poll.outcome.Status = status_pending;
  const auto status =
      ntdll().control(device, nullptr, nullptr, reinterpret_cast<void*>(context), &poll.outcome,
                      control_poll, &poll.info, sizeof poll.info, &poll.info, sizeof poll.info);
  switch (status) {
    case status_success:
      return progress::over;
    case status_pending:
      return progress::under_way;
    case status_invalid_handle:
    case status_object_type_mismatch:
      return progress::socket_gone;
    default:
      ::SetLastError(ntdll().to_code(status));
      return progress::failed;
  }
}

void cancel(HANDLE device, poll_operation& poll) noexcept {
  IO_STATUS_BLOCK outcome{};
  // It fails if the poll was over before, whose packet then is in the port as well.
  ntdll().cancel(device, &poll.outcome, &outcome);
}

void cancel_all(HANDLE device) noexcept {
  IO_STATUS_BLOCK outcome{};
  ntdll().cancel(device, nullptr, &outcome);
}

result<HANDLE> base_of(native_handle s) noexcept {
  SOCKET base = ask_for_base(descriptor(s), SIO_BASE_HANDLE);
  if (base == INVALID_SOCKET) {
    const auto reason = last_error();
    if (reason == errc::not_a_socket) return std::unexpected{reason};
    // No provider may intercept that question (Microsoft Learn, "SIO_BASE_HANDLE"); some do, and
    // let this one through, one layer at a time.
    base = ask_for_base(descriptor(s), SIO_BSP_HANDLE_POLL);
    if (base == INVALID_SOCKET || base == descriptor(s)) return std::unexpected{reason};
    return base_of(to_handle(base));
  }
  return reinterpret_cast<HANDLE>(base);
}

}  // namespace portsock::platform::afd
