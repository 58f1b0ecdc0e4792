// SPDX-License-Identifier: MIT
#pragma once

// Batches of ICMP messages for systems that have no call for several, by those for one.

#include <platform/contract.hpp>
#include <platform/icmp_batch.hpp>

namespace portsock::platform {

/// A hop limit for one packet, by the socket's: not every system takes one beside the packet.
class hop_limit_for_one {
 public:
  hop_limit_for_one(native_handle s, std::uint8_t hops) noexcept : socket_{s} {
    if (hops == 0) return;
    if (const auto had = get_option(s, option_id::hop_limit)) had_ = *had;
    set_ = set_option(s, option_id::hop_limit, hops);
  }
  ~hop_limit_for_one() {
    if (had_) static_cast<void>(set_option(socket_, option_id::hop_limit, *had_).has_value());
  }
  hop_limit_for_one(const hop_limit_for_one&) = delete;
  hop_limit_for_one& operator=(const hop_limit_for_one&) = delete;

  const result<>& outcome() const noexcept { return set_; }

 private:
  native_handle socket_;
  std::optional<std::int64_t> had_;
  result<> set_;
};

inline result<std::size_t> send_icmp_one_by_one(native_handle s,
                                                std::span<icmp_packet_out> packets) noexcept {
  std::size_t count = 0;
  for (auto& packet : packets.first((std::min)(packets.size(), icmp_batch_size))) {
    const hop_limit_for_one hops{s, packet.hop_limit};
    packet.left = deadline::clock::now();
    packet.unsure = {};
    const auto sent =
        hops.outcome() ? try_send_raw(s, packet.packet, packet.peer, false) : hops.outcome();
    if (!sent) {
      if (count == 0) return sent.failure();
      break;
    }
    ++count;
  }
  return count;
}

inline result<std::size_t> receive_icmp_one_by_one(native_handle s,
                                                   std::span<icmp_packet_in> packets) noexcept {
  std::size_t count = 0;
  for (auto& packet : packets.first((std::min)(packets.size(), icmp_batch_size))) {
    const auto got = try_receive_raw(s, packet.room);
    if (!got) {
      if (count == 0) return got.failure();
      break;
    }
    packet.arrival = deadline::clock::now();
    packet.stamped = false;
    packet.packet = got->truncated ? const_bytes{} : const_bytes{packet.room}.first(got->size);
    packet.from = got->from;
    packet.hop_limit = got->hop_limit;
    ++count;
  }
  return count;
}

}  // namespace portsock::platform
