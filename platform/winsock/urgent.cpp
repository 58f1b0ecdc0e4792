// SPDX-License-Identifier: MIT
#include <platform/contract.hpp>

#include "native.hpp"
#include "system.hpp"

namespace portsock::platform {

result<> send_urgent(native_handle s, std::byte what, patience waits) noexcept {
  if (waits == patience::none)
    if (auto ready = ready_at_once(s, interest::send); !ready) return ready;
  return checked(::send(descriptor(s), chars(&what), sizeof what, MSG_OOB));
}

result<bool> is_at_mark(native_handle s) noexcept {
  // The other way round here: true when there is nothing urgent to be read (Microsoft Learn,
  // ioctlsocket).
  u_long nothing_urgent = 0;
  if (auto asked = checked(::ioctlsocket(descriptor(s), SIOCATMARK, &nothing_urgent)); !asked)
    return asked.failure();
  return nothing_urgent == 0;
}

result<std::size_t> available(native_handle s) noexcept {
  u_long size = 0;
  if (auto asked = checked(::ioctlsocket(descriptor(s), static_cast<long>(FIONREAD), &size));
      !asked)
    return asked.failure();
  return size;
}

}  // namespace portsock::platform
