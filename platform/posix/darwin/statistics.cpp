// SPDX-License-Identifier: MIT

// TCP_CONNECTION_INFO (netinet/tcp.h), whose times are in milliseconds.

#include <platform/contract.hpp>

#include "native.hpp"

namespace portsock::platform {

result<stream_statistics> statistics_of(native_handle s) noexcept {
  tcp_connection_info facts{};
  socklen_t length = sizeof facts;
  if (::getsockopt(descriptor(s), IPPROTO_TCP, TCP_CONNECTION_INFO, &facts, &length) != 0) {
    const auto reason = last_error();
    if (is_unsupported(reason)) return fail(errc::not_supported);
    return std::unexpected{reason};
  }
  using std::chrono::milliseconds;
  return stream_statistics{.round_trip = milliseconds{facts.tcpi_srtt},
                           .round_trip_variation = milliseconds{facts.tcpi_rttvar},
                           .congestion_window = facts.tcpi_snd_cwnd,
                           .segment_size = facts.tcpi_maxseg,
                           .retransmitted_segments = facts.tcpi_txretransmitpackets,
                           .retransmitted_bytes = facts.tcpi_txretransmitbytes,
                           .bytes_sent = facts.tcpi_txbytes,
                           .bytes_received = facts.tcpi_rxbytes};
}

// netstat alone tells it, for all sockets together.
result<std::uint64_t> discarded_by(native_handle) noexcept { return fail(errc::not_supported); }

}  // namespace portsock::platform
