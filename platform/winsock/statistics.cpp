// SPDX-License-Identifier: MIT

// SIO_TCP_INFO, version 0 (Microsoft Learn): since Windows 10 1703, which is found out by asking.

#include <cstddef>
#include <cstdint>

#include <platform/contract.hpp>

#include "native.hpp"

namespace portsock::platform {
namespace {

/// _WSAIORW(IOC_VENDOR, 39): the headers show it only to who builds for the newer Windows alone.
constexpr DWORD tcp_info_request = 0xD8000027;

/// TCP_INFO_v0.
struct tcp_facts {
  std::int32_t state;
  std::uint32_t mss;
  std::uint64_t connection_time;  // ms
  std::uint8_t has_timestamps;
  std::uint32_t rtt, least_rtt;  // us
  std::uint32_t bytes_in_flight, congestion_window, send_window, receive_window, receive_buffer;
  std::uint64_t bytes_out, bytes_in;
  std::uint32_t bytes_reordered, bytes_retransmitted;
  std::uint32_t fast_retransmits, duplicate_acks, timeouts;
  std::uint8_t syn_retransmits;
};
static_assert(offsetof(tcp_facts, rtt) == 20 && offsetof(tcp_facts, bytes_out) == 48 &&
              sizeof(tcp_facts) == 88);

}  // namespace

result<stream_statistics> statistics_of(native_handle s) noexcept {
  DWORD version = 0;
  tcp_facts facts{};
  DWORD written = 0;
  if (::WSAIoctl(descriptor(s), tcp_info_request, &version, sizeof version, &facts, sizeof facts,
                 &written, nullptr, nullptr) != 0) {
    const auto reason = last_error();
    // A provider that does not know the request finds fault with its parameters.
    if (is_unsupported(reason) || reason == errc::invalid_argument)
      return fail(errc::not_supported);
    return std::unexpected{reason};
  }
  using std::chrono::microseconds;
  // Before the first measurement the least is the largest number there is.
  const auto least = facts.least_rtt == UINT32_MAX ? std::optional<microseconds>{}
                                                   : std::optional{microseconds{facts.least_rtt}};
  return stream_statistics{.round_trip = microseconds{facts.rtt},
                           .least_round_trip = least,
                           .congestion_window = facts.congestion_window,
                           .segment_size = facts.mss,
                           .retransmitted_bytes = facts.bytes_retransmitted,
                           .bytes_sent = facts.bytes_out,
                           .bytes_received = facts.bytes_in};
}

// It is told for all sockets together (GetUdpStatisticsEx).
result<std::uint64_t> discarded_by(native_handle) noexcept { return fail(errc::not_supported); }

}  // namespace portsock::platform
