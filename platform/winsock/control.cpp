// SPDX-License-Identifier: MIT
#include "control.hpp"

namespace portsock::platform {
namespace {

template <class Function>
Function extension_of(native_handle s, GUID name) noexcept {
  Function function = nullptr;
  DWORD written = 0;
  const int outcome =
      ::WSAIoctl(descriptor(s), SIO_GET_EXTENSION_FUNCTION_POINTER, &name, sizeof name,
                 static_cast<void*>(&function), sizeof function, &written, nullptr, nullptr);
  return outcome == 0 ? function : nullptr;
}

}  // namespace

LPFN_WSARECVMSG receive_message_of(native_handle s) noexcept {
  static const auto found = extension_of<LPFN_WSARECVMSG>(s, WSAID_WSARECVMSG);
  return found;
}

LPFN_WSASENDMSG send_message_of(native_handle s) noexcept {
  static const auto found = extension_of<LPFN_WSASENDMSG>(s, WSAID_WSASENDMSG);
  return found;
}

}  // namespace portsock::platform
