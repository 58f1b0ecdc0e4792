// SPDX-License-Identifier: MIT
#pragma once

// What a datagram's headers say besides: where it was sent to, by what interface it came, how far
// it has travelled, when it arrived; and the same for one that is sent. A server with several
// addresses answers from the right one:
//
//   socket.report({.destination = true});
//   auto got = socket.receive_in_detail(buffer);
//   socket.send_to(answer, got->from, answer_to(got->details));

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <optional>

#include <portsock/address.hpp>

namespace portsock {

/// Which details a socket reports. Each costs the system a little for each datagram.
struct detail_set {
  bool destination = false;  ///< and the interface
  bool hop_limit = false;
  bool traffic_class = false;
  bool arrival = false;

  friend bool operator==(const detail_set&, const detail_set&) noexcept = default;
};

/// What came beside a datagram. Nothing where it was not asked for, or the system does not say.
struct datagram_details {
  /// Where the sender sent it to: an address of this host, or a group, or a broadcast address.
  std::optional<ip_address> destination;
  std::optional<std::uint32_t> interface_index;  ///< by which it came (interfaces.hpp)
  std::optional<std::uint8_t> hop_limit;         ///< what was left of it: TTL, hop limit
  /// DSCP in the upper six bits, ECN in the lower two (RFC 2474, RFC 3168): TOS, traffic class.
  std::optional<std::uint8_t> traffic_class;
  /// When the system got it, by the system's clock: not when the program took it.
  std::optional<std::chrono::sys_time<std::chrono::nanoseconds>> arrival;
  /// Several datagrams of one sender, each of this many bytes but for the last (segments.hpp).
  std::optional<std::size_t> segment_size;
};

/// How one datagram is to leave, where it shall not leave as the socket's options say.
struct send_details {
  std::optional<ip_address> source =
      std::nullopt;  ///< an address of this host, of the peer's family
  std::optional<std::uint32_t> interface_index =
      std::nullopt;                                 ///< by which it leaves; 0: the system chooses
  std::optional<int> hop_limit = std::nullopt;      ///< 1 to 255
  std::optional<int> traffic_class = std::nullopt;  ///< 0 to 255

  friend bool operator==(const send_details&, const send_details&) noexcept = default;
};

/// A received datagram with its details.
template <class Received>
struct detailed : Received {
  datagram_details details;
};

/// How to answer a datagram: from the address that it was sent to. One that was sent to a group, or
/// to 255.255.255.255, is answered from whatever address the system takes; and so is one whose
/// destination was not reported. The broadcast address of a subnet looks like any other: an answer
/// from it fails.
constexpr send_details answer_to(const datagram_details& question) noexcept {
  send_details answer;
  if (!question.destination || is_multicast(*question.destination) ||
      *question.destination == ip_address{ipv4_address{{255, 255, 255, 255}}})
    return answer;
  answer.source = question.destination;
  // The same link-local address may exist on several links.
  if (is_link_local(*question.destination)) answer.interface_index = question.interface_index;
  return answer;
}

}  // namespace portsock
