// SPDX-License-Identifier: MIT

// FreeBSD's sendmmsg is a loop of its C library, and it has no error queue.

#include <platform/bsd/icmp_one_by_one.hpp>

namespace portsock::platform {

void report_icmp_times(native_handle, family) noexcept {
  // The times are read off after each call.
}
void expect_small_packets(native_handle, family) noexcept {}

result<std::size_t> send_icmp(native_handle s, std::span<icmp_packet_out> packets, bool) noexcept {
  return send_icmp_one_by_one(s, packets);
}

result<std::size_t> receive_icmp(native_handle s, std::span<icmp_packet_in> packets) noexcept {
  return receive_icmp_one_by_one(s, packets);
}

result<std::size_t> receive_icmp_notices(native_handle, std::span<icmp_notice>) noexcept {
  return fail(errc::would_block);
}

}  // namespace portsock::platform
