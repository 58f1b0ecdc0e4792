// SPDX-License-Identifier: MIT

// Segmentation by the system or the device, and joining what arrives (Microsoft Learn, "IPPROTO_UDP
// socket options": UDP_SEND_MSG_SIZE, UDP_RECV_MAX_COALESCED_SIZE).

#include <platform/contract.hpp>

#include "constants.hpp"
#include "datagram.hpp"
#include "details.hpp"
#include "native.hpp"
#include "system.hpp"

namespace portsock::platform {
namespace {

/// Asked before it is used: what does not know a control message may pass over it, and send
/// everything as one datagram.
bool knows_segments(native_handle s) noexcept {
  static const bool known = [s]() noexcept {
    DWORD size = 0;
    int length = sizeof size;
    return ::getsockopt(descriptor(s), IPPROTO_UDP, udp_send_message_size,
                        reinterpret_cast<char*>(&size), &length) == 0;
  }();
  return known;
}

constexpr bool is_refusal(int code) noexcept {
  return code == WSAEINVAL || code == WSAEMSGSIZE || code == WSAEOPNOTSUPP ||
         code == WSAENOPROTOOPT;
}

/// The most that one datagram, or several that were joined, may have.
constexpr DWORD largest_coalesced = 65'535;

}  // namespace

result<> send_segmented(native_handle s, const_bytes data, std::size_t segment_size,
                        const native_endpoint* peer, const send_details& how,
                        patience waits) noexcept {
  if (!knows_segments(s)) return fail(errc::not_supported);
  native_control_writer control;
  control.add(IPPROTO_UDP, udp_send_message_size, static_cast<DWORD>(segment_size));
  if (!(how == send_details{}))
    if (auto added = add_details(s, control, peer, how); !added) return added.failure();
  if (waits == patience::none)
    if (auto ready = ready_at_once(s, interest::send); !ready) return ready.failure();
  const int code = send_message(s, data, peer, control);
  if (code == 0) return {};
  if (is_refusal(code))
    return std::unexpected{error{code, error_domain::system, errc::not_supported}};
  return std::unexpected{datagram_error(code)};
}

result<bool> coalesce(native_handle s, bool wanted) noexcept {
  const auto set =
      set_word(s, IPPROTO_UDP, udp_receive_coalesced_size, wanted ? largest_coalesced : 0);
  if (set) return wanted;
  // Systems without it say either.
  if (is_refusal(set.error().value())) return false;
  return set.failure();
}

}  // namespace portsock::platform
