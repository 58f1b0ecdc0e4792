// SPDX-License-Identifier: MIT
#include <algorithm>

#include <platform/contract.hpp>

#include "file.hpp"
#include "native.hpp"

namespace portsock::platform {
namespace {

/// What one TransmitFile takes is an int, less one (Microsoft Learn, TransmitFile). In portions, so
/// that all the same a file of any size is sent, and others get a turn: desktop editions of Windows
/// run two of them at a time, for all sockets.
constexpr std::uint64_t largest_size = 64 << 20;

class manual_event {
 public:
  manual_event() noexcept : event_{::CreateEventW(nullptr, TRUE, FALSE, nullptr)} {}
  manual_event(const manual_event&) = delete;
  manual_event& operator=(const manual_event&) = delete;
  ~manual_event() {
    if (event_ != nullptr) ::CloseHandle(event_);
  }
  explicit operator bool() const noexcept { return event_ != nullptr; }
  /// With this bit, no completion port that the socket may be tied to hears of it (Microsoft Learn,
  /// GetQueuedCompletionStatus).
  HANDLE unheard() const noexcept {
    return reinterpret_cast<HANDLE>(reinterpret_cast<std::uintptr_t>(event_) | 1);
  }
  void wait() const noexcept { ::WaitForSingleObject(event_, INFINITE); }

 private:
  HANDLE event_;
};

}  // namespace

result<std::size_t> send_file(native_handle s, file_handle file, std::uint64_t offset,
                              std::uint64_t most) noexcept {
  const auto size = size_of(file);
  if (!size) return size.failure();
  // For 0 bytes TransmitFile would understand: all of it. Reading tells the end, also that of a
  // file whose size is none.
  if (offset >= *size) return fail(errc::not_supported);
  const auto count = static_cast<DWORD>((std::min)({most, *size - offset, largest_size}));

  const manual_event done;
  if (!done) return std::unexpected{last_error()};
  auto at = at_offset(offset);
  at.hEvent = done.unheard();
  if (::TransmitFile(descriptor(s), as_handle(file), count, 0, &at, nullptr, 0) == 0) {
    const auto reason = last_error();
    if (reason.value() != WSA_IO_PENDING) return std::unexpected{reason};
  }
  done.wait();
  DWORD sent = 0;
  DWORD flags = 0;
  if (::WSAGetOverlappedResult(descriptor(s), &at, &sent, FALSE, &flags) != 0) return sent;
  const auto reason = last_error();
  // What was sent before the failure counts; the next call tells of it again.
  if (at.InternalHigh > 0) return static_cast<std::size_t>(at.InternalHigh);
  return std::unexpected{reason};
}

/// One that is cancelled does not say how much it has sent, so that for what may have to end early
/// the file is read.
result<std::size_t> try_send_file(native_handle, file_handle, std::uint64_t,
                                  std::uint64_t) noexcept {
  return fail(errc::not_supported);
}

}  // namespace portsock::platform
