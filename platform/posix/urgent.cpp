// SPDX-License-Identifier: MIT
#include <sys/ioctl.h>

#include <platform/contract.hpp>

#include "native.hpp"
#include "system.hpp"

namespace portsock::platform {

result<> send_urgent(native_handle s, std::byte what, patience waits) noexcept {
  const int flags = send_flags | MSG_OOB | (waits == patience::none ? MSG_DONTWAIT : 0);
  const auto sent = counted(
      uninterrupted(::send, descriptor(s), static_cast<const void*>(&what), sizeof what, flags));
  if (!sent) return sent.failure();
  return {};
}

result<bool> is_at_mark(native_handle s) noexcept {
  const int answer = ::sockatmark(descriptor(s));
  if (answer < 0) return std::unexpected{last_error()};
  return answer != 0;
}

result<std::size_t> available(native_handle s) noexcept {
  int size = 0;
  if (::ioctl(descriptor(s), FIONREAD, &size) != 0) return std::unexpected{last_error()};
  return static_cast<std::size_t>(size);
}

}  // namespace portsock::platform
