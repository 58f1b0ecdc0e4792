// SPDX-License-Identifier: MIT

// TCP_INFO (tcp(7)) and SO_MEMINFO, which have grown with the kernel: how much it wrote says what
// it knows.

#include <array>
#include <cstddef>
#include <cstdint>

#include <platform/contract.hpp>

#include <linux/sock_diag.h>

#include "native.hpp"

namespace portsock::platform {
namespace {

/// linux/tcp.h, which cannot be included beside the C library's, whose structure is shorter.
struct tcp_facts {
  std::uint8_t state, avoidance_state, retransmits, probes, backoff, options, scales, flags;
  std::uint32_t rto, ato, send_mss, receive_mss;
  std::uint32_t unacked, sacked, lost, retransmitted_now, fackets;
  std::uint32_t last_data_sent, last_ack_sent, last_data_received, last_ack_received;
  std::uint32_t path_mtu, receive_threshold, rtt, rtt_variation, send_threshold, congestion_window;
  std::uint32_t advertised_mss, reordering, receive_rtt, receive_space, retransmitted;
  std::uint64_t pacing_rate, most_pacing_rate, bytes_acked, bytes_received;
  std::uint32_t segments_out, segments_in, unsent_bytes, least_rtt;
  std::uint32_t data_segments_in, data_segments_out;
  std::uint64_t delivery_rate, busy_time, receiver_limited, buffer_limited;
  std::uint32_t delivered, delivered_ce;
  std::uint64_t bytes_sent, bytes_retransmitted;
};
static_assert(offsetof(tcp_facts, rtt) == 68 && offsetof(tcp_facts, retransmitted) == 100);
static_assert(offsetof(tcp_facts, bytes_sent) == 200);

}  // namespace

result<stream_statistics> statistics_of(native_handle s) noexcept {
  tcp_facts facts{};
  socklen_t length = sizeof facts;
  if (::getsockopt(descriptor(s), IPPROTO_TCP, TCP_INFO, &facts, &length) != 0) {
    const auto reason = last_error();
    if (is_unsupported(reason)) return fail(errc::not_supported);
    return std::unexpected{reason};
  }
  const auto knows = [length](const auto& field, const tcp_facts& all) noexcept {
    const auto* begin = reinterpret_cast<const std::byte*>(&all);
    const auto* end = reinterpret_cast<const std::byte*>(&field + 1);
    return end - begin <= static_cast<std::ptrdiff_t>(length);
  };
  // Every kernel writes up to here. What translates its calls for another processor (qemu's user
  // emulation) may take the option for a number, and call that a success.
  if (!knows(facts.retransmitted, facts)) return fail(errc::not_supported);
  using std::chrono::microseconds;
  stream_statistics told{
      .round_trip = microseconds{facts.rtt},
      .round_trip_variation = microseconds{facts.rtt_variation},
      .congestion_window = std::uint64_t{facts.congestion_window} * facts.send_mss,
      .segment_size = facts.send_mss,
      .retransmitted_segments = facts.retransmitted};
  if (knows(facts.bytes_received, facts)) told.bytes_received = facts.bytes_received;
  // Before the first measurement it is the largest number there is.
  if (knows(facts.least_rtt, facts) && facts.least_rtt != UINT32_MAX)
    told.least_round_trip = microseconds{facts.least_rtt};
  if (knows(facts.bytes_retransmitted, facts)) {
    told.bytes_sent = facts.bytes_sent;
    told.retransmitted_bytes = facts.bytes_retransmitted;
  }
  return told;
}

result<std::uint64_t> discarded_by(native_handle s) noexcept {
  std::array<std::uint32_t, SK_MEMINFO_VARS> facts{};
  socklen_t length = sizeof facts;
  if (::getsockopt(descriptor(s), SOL_SOCKET, SO_MEMINFO, facts.data(), &length) != 0) {
    const auto reason = last_error();
    if (is_unsupported(reason)) return fail(errc::not_supported);
    return std::unexpected{reason};
  }
  if (length < (SK_MEMINFO_DROPS + 1) * sizeof facts.front()) return fail(errc::not_supported);
  return facts[SK_MEMINFO_DROPS];
}

}  // namespace portsock::platform
