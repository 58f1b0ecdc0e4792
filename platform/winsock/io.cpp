// SPDX-License-Identifier: MIT

// Bytes of a stream.

#include <platform/contract.hpp>

#include "native.hpp"
#include "system.hpp"
#include "vectors.hpp"

namespace portsock::platform {
namespace {

/// What try_send hands over at once. Windows takes any amount once there is room for a byte; Wine
/// waits until all of it has found room, and what select calls room there is enough for this.
constexpr std::size_t slice = std::size_t{16} * 1024;

result<std::size_t> send_vector(native_handle s, std::span<const const_bytes> data,
                                std::size_t most) noexcept {
  vectors parts{data, most};
  DWORD size = 0;
  if (::WSASend(descriptor(s), parts.data(), parts.count(), &size, 0, nullptr, nullptr) != 0)
    return std::unexpected{last_error()};
  return size;
}

/// Wine 8 forgets a reset that arrived while nobody received, and calls it the end of the stream.
bool forgets_resets() noexcept {
  static const bool is_wine = find_function<void()>(L"ntdll", "wine_get_version") != nullptr;
  return is_wine;
}

/// What a receive means that brought no bytes: 0, or negative with a last error.
int without_bytes(native_handle s, int outcome) noexcept {
  // This side has shut down receiving, and wants no error for it.
  if (outcome < 0) return ::WSAGetLastError() == WSAESHUTDOWN ? 0 : outcome;
  if (!forgets_resets()) return 0;
  WSAPOLLFD entry{descriptor(s), POLLRDNORM, 0};
  if (::WSAPoll(&entry, 1, 0) <= 0 || (entry.revents & POLLERR) == 0) return 0;
  ::WSASetLastError(WSAECONNRESET);
  return SOCKET_ERROR;
}

}  // namespace

std::int64_t bare_send(native_handle s, const void* data, std::size_t size) {
  return ::send(descriptor(s), chars(data), length(size), 0);
}
result<std::size_t> send(native_handle s, std::span<const const_bytes> data) noexcept {
  return send_vector(s, data, largest_length);
}
result<std::size_t> try_send(native_handle s, std::span<const const_bytes> data) noexcept {
  if (auto ready = ready_at_once(s, interest::send); !ready) return ready.failure();
  return send_vector(s, data, slice);
}
error explain_failure(native_handle, error reason) noexcept {
  return reason;  // the codes say whose end is shut
}

std::int64_t bare_receive(native_handle s, void* buffer, std::size_t size) {
  const int outcome = ::recv(descriptor(s), chars(buffer), length(size), 0);
  if (outcome <= 0) [[unlikely]]
    return without_bytes(s, outcome);
  return outcome;
}
result<std::size_t> receive(native_handle s, std::span<const mutable_bytes> buffers) noexcept {
  vectors parts{buffers};
  if (parts.size() == 0) return 0u;
  DWORD size = 0;
  DWORD flags = 0;
  int outcome =
      ::WSARecv(descriptor(s), parts.data(), parts.count(), &size, &flags, nullptr, nullptr);
  if (outcome < 0 || size == 0) outcome = without_bytes(s, outcome);
  if (outcome < 0) return std::unexpected{last_error()};
  return size;
}
result<std::size_t> try_receive(native_handle s, std::span<const mutable_bytes> buffers) noexcept {
  if (vectors{buffers}.size() == 0) return 0u;
  if (auto ready = ready_at_once(s, interest::receive); !ready) return ready.failure();
  return receive(s, buffers);
}

}  // namespace portsock::platform
