// SPDX-License-Identifier: MIT

// Segmentation by the kernel or the device, and joining what arrives (udp(7): UDP_SEGMENT,
// UDP_GRO).

#include <cstdint>

#include <platform/contract.hpp>

#include "datagram.hpp"
#include "details.hpp"
#include "native.hpp"
#include "udp.hpp"

namespace portsock::platform {
namespace {

/// Asked before it is used: a kernel that does not know the control message passes over it, and
/// sends everything as one datagram.
bool knows_segments(native_handle s) noexcept {
  static const bool known = [s]() noexcept {
    int size = 0;
    socklen_t length = sizeof size;
    return ::getsockopt(descriptor(s), IPPROTO_UDP, udp_segment, &size, &length) == 0;
  }();
  return known;
}

/// A segment longer than the path takes (EINVAL, or EMSGSIZE by newer kernels), a socket without
/// checksums (EINVAL), a device or a tunnel that does not make them (EIO).
constexpr bool is_refusal(int code) noexcept {
  return code == EINVAL || code == EMSGSIZE || code == EIO || code == EOPNOTSUPP;
}

}  // namespace

result<> send_segmented(native_handle s, const_bytes data, std::size_t segment_size,
                        const native_endpoint* peer, const send_details& how,
                        patience waits) noexcept {
  if (!knows_segments(s)) return fail(errc::not_supported);
  native_control_writer control;
  control.add(IPPROTO_UDP, udp_segment, static_cast<std::uint16_t>(segment_size));
  if (!(how == send_details{}))
    if (auto added = add_details(s, control, peer, how); !added) return added.failure();
  iovec part{const_cast<std::byte*>(data.data()), data.size()};
  msghdr message{};
  message.msg_iov = &part;
  message.msg_iovlen = 1;
  attach(control, message);
  if (send_message(s, message, peer, flags_of(waits)) >= 0) return {};
  if (const int code = errno; is_refusal(code))
    return std::unexpected{error{code, error_domain::system, errc::not_supported}};
  return std::unexpected{send_error(errno)};
}

result<bool> coalesce(native_handle s, bool wanted) noexcept {
  if (set_number(descriptor(s), IPPROTO_UDP, udp_coalesce, wanted ? 1 : 0) == 0) return wanted;
  const auto reason = last_error();
  if (is_unsupported(reason)) return false;
  return std::unexpected{reason};
}

}  // namespace portsock::platform
