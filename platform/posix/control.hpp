// SPDX-License-Identifier: MIT
#pragma once

// Control messages as sendmsg and recvmsg take them.

#include <array>

#include <platform/bsd/control_messages.hpp>

#include "native.hpp"

namespace portsock::platform {

/// The alignment is 4 bytes on macOS, and that of a long on Linux and FreeBSD; CMSG_SPACE knows it.
using native_control = control_format<cmsghdr, CMSG_SPACE(1) - CMSG_SPACE(0)>;
static_assert(native_control::data_at == CMSG_LEN(0));

using native_control_reader = control_reader<native_control>;
using native_control_writer = control_writer<native_control>;

/// Room for the control messages of one datagram: for all that the library ever asks for.
class control_room {
 public:
  void attach_to(msghdr& message) noexcept {
    message.msg_control = bytes_.data();
    message.msg_controllen = static_cast<decltype(message.msg_controllen)>(bytes_.size());
  }

 private:
  alignas(cmsghdr) std::array<std::byte, 256> bytes_;
};

/// What recvmsg wrote. With MSG_CTRUNC the last message may be missing or cut.
inline native_control_reader control_of(const msghdr& message) noexcept {
  return native_control_reader{
      {static_cast<const std::byte*>(message.msg_control), message.msg_controllen}};
}

inline void attach(const native_control_writer& control, msghdr& message) noexcept {
  const auto bytes = control.bytes();
  if (bytes.empty()) return;
  // The system's type has no const; what is sent is not written to.
  message.msg_control = const_cast<std::byte*>(bytes.data());
  message.msg_controllen = static_cast<decltype(message.msg_controllen)>(bytes.size());
}

}  // namespace portsock::platform
