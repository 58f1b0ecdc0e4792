// SPDX-License-Identifier: MIT
#pragma once

// Several ICMP messages in one call, with the times at which the system sent and received them.

#include <array>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <span>

#include <portsock/address.hpp>
#include <portsock/bytes.hpp>
#include <portsock/deadline.hpp>
#include <portsock/icmp.hpp>

namespace portsock {

namespace ping {
class sockets;
}

/// So many messages are sent or received by one call at most. More gain nothing: what a message
/// costs is the system's part.
inline constexpr std::size_t icmp_batch_size = 8;

/// An echo request on its way out.
struct icmp_outgoing {
  icmp::echo_request request;
  ip_address peer;
  /// Routers that this one may pass, 1 to 255; 0: as icmp_socket::set_hop_limit() has it.
  std::uint8_t hop_limit = 0;
  /// When it left: read off around the call, and told apart within a batch by its place.
  deadline::clock::time_point left{};
  /// How far from the truth `left` may be: a request's share of the call. 0 for one alone.
  std::chrono::nanoseconds unsure{};
};

/// What became of an echo request, or any other ICMP message that arrived.
struct icmp_event {
  ip_address from;
  icmp::message message;                    ///< its spans point into the caller's buffer
  std::size_t size = 0;                     ///< bytes of the ICMP message, its header included
  std::optional<std::uint8_t> hop_limit{};  ///< what was left of the message's TTL, when told
  deadline::clock::time_point arrival{};    ///< the system's own, else read off after the call
  bool stamped = false;                     ///< `arrival` is the system's
};

/// When a request really left, told by the system some time after it did.
struct icmp_departure {
  const_bytes packet;  ///< a front part of what was sent, behind headers of any length
  deadline::clock::time_point left;
};

/// What one call brought. What departures tell comes before what the events answer.
struct icmp_arrivals {
  std::span<const icmp_event> events;
  std::span<const icmp_departure> departures;
  bool empty() const noexcept { return events.empty() && departures.empty(); }
};

/// Memory for the batches of one socket: what receive_some() returns points into it.
class icmp_room {
 public:
  /// For requests of up to so many bytes of payload, and their replies. What arrives and is longer,
  /// and longer than 2,000 bytes, is passed over.
  explicit icmp_room(std::size_t largest_payload);

 private:
  friend class icmp_socket;
  friend class ping::sockets;

  mutable_bytes sending(std::size_t i) noexcept { return part(i, size_); }
  mutable_bytes receiving(std::size_t i) noexcept { return part(icmp_batch_size + i, size_); }
  mutable_bytes notice(std::size_t i) noexcept {
    return {memory_.get() + 2 * icmp_batch_size * size_ + i * notice_size, notice_size};
  }
  mutable_bytes part(std::size_t i, std::size_t size) noexcept {
    return {memory_.get() + i * size, size};
  }

  static constexpr std::size_t notice_size = 256;

  std::size_t size_;
  std::unique_ptr<std::byte[]> memory_;
  std::array<icmp_event, 2 * icmp_batch_size> events_{};
  std::array<icmp_departure, icmp_batch_size> departures_{};
};

}  // namespace portsock
