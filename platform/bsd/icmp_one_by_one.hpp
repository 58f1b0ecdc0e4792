// SPDX-License-Identifier: MIT
#pragma once

// Batches of ICMP messages for systems that have no call for several, by those for one.

#include <platform/contract.hpp>
#include <platform/icmp_batch.hpp>

namespace portsock::platform {

inline result<std::size_t> send_icmp_one_by_one(native_handle s,
                                                std::span<icmp_packet_out> packets) noexcept {
  std::size_t count = 0;
  for (auto& packet : packets.first((std::min)(packets.size(), icmp_batch_size))) {
    packet.left = deadline::clock::now();
    if (const auto sent = try_send_raw(s, packet.packet, packet.peer, false); !sent) {
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
