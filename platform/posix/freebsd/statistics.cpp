// SPDX-License-Identifier: MIT

// TCP_INFO (tcp(4)): Linux' name, and its units, but other fields are filled in; the window is in
// bytes.

#include <platform/contract.hpp>

#include "native.hpp"

namespace portsock::platform {

result<stream_statistics> statistics_of(native_handle s) noexcept {
  tcp_info facts{};
  socklen_t length = sizeof facts;
  if (::getsockopt(descriptor(s), IPPROTO_TCP, TCP_INFO, &facts, &length) != 0) {
    const auto reason = last_error();
    if (is_unsupported(reason)) return fail(errc::not_supported);
    return std::unexpected{reason};
  }
  using std::chrono::microseconds;
  return stream_statistics{.round_trip = microseconds{facts.tcpi_rtt},
                           .round_trip_variation = microseconds{facts.tcpi_rttvar},
                           .congestion_window = facts.tcpi_snd_cwnd,
                           .segment_size = facts.tcpi_snd_mss,
                           .retransmitted_segments = facts.tcpi_snd_rexmitpack};
}

// netstat alone tells it, for all sockets together.
result<std::uint64_t> discarded_by(native_handle) noexcept { return fail(errc::not_supported); }

}  // namespace portsock::platform
