// SPDX-License-Identifier: MIT
#pragma once

// Control messages as WSASendMsg and WSARecvMsg take them, and the way to these two.

#include <array>

#include <platform/bsd/control_messages.hpp>

#include "native.hpp"

namespace portsock::platform {

/// WSA_CMSGDATA_ALIGN: the processor's natural alignment.
using native_control = control_format<WSACMSGHDR, sizeof(void*)>;
using native_control_reader = control_reader<native_control>;
using native_control_writer = control_writer<native_control>;

/// Room for the control messages of one datagram: for all that the library ever asks for.
class control_room {
 public:
  WSABUF buffer() noexcept { return {static_cast<ULONG>(bytes_.size()), chars(bytes_.data())}; }

 private:
  alignas(WSACMSGHDR) std::array<std::byte, 256> bytes_;
};

/// What WSARecvMsg wrote. With MSG_CTRUNC the last message may be missing or cut.
inline native_control_reader control_of(const WSAMSG& message) noexcept {
  return native_control_reader{
      {reinterpret_cast<const std::byte*>(message.Control.buf), message.Control.len}};
}

/// No exports: each provider has its own, and all datagram and raw sockets have one provider.
/// nullptr where there is none.
LPFN_WSARECVMSG receive_message_of(native_handle) noexcept;
LPFN_WSASENDMSG send_message_of(native_handle) noexcept;

}  // namespace portsock::platform
