// SPDX-License-Identifier: MIT
#pragma once

// Echo requests and what becomes of them, in the best way that the system allows this user.

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <string_view>

#include <portsock/address.hpp>
#include <portsock/bytes.hpp>
#include <portsock/deadline.hpp>
#include <portsock/error.hpp>
#include <portsock/handle.hpp>
#include <portsock/icmp.hpp>
#include <portsock/icmp_batch.hpp>

namespace portsock {

/// How echo requests reach the network.
enum class icmp_access : std::uint8_t {
  raw,       ///< a raw socket: root, CAP_NET_RAW, Administrator
  datagram,  ///< an ICMP datagram socket: anybody on macOS, ping_group_range on Linux
  system,    ///< a service of the system: anybody on Windows (IcmpSendEcho2)
};

/// What a user does who may not use any of these, for people to read: lines of English, without a
/// newline at the end.
std::string_view icmp_access_hint() noexcept;

namespace platform {
class echo_service;
struct echo_service_deleter {
  void operator()(echo_service*) const noexcept;
};
}  // namespace platform

/// Sends echo requests and receives ICMP messages, whatever this user may use for it.
///
/// A raw socket hears all ICMP messages for this host that the system does not keep to itself, and
/// on some systems its own requests; a datagram socket and the system's service hear what concerns
/// their requests. So look at the identifier, the sequence number and the payload of what arrives.
class icmp_socket {
 public:
  /// Opens the first that is allowed: raw, datagram, system. Errors: errc::access_denied when none
  /// is (icmp_access_hint() tells what would help), family_not_supported, too_many_sockets.
  static result<icmp_socket> open(family) noexcept;
  /// Opens this one or fails; errc::not_supported where the system has no such thing.
  static result<icmp_socket> open(family, icmp_access) noexcept;

  icmp_access access() const noexcept { return access_; }
  family address_family() const noexcept { return family_; }

  /// TTL or hop limit of the requests, 1 to 255. Errors: errc::invalid_argument.
  result<> set_hop_limit(int hops) noexcept;
  /// The IPv6 flow label of the requests (RFC 6437), 0 to 0xfffff; 0: what the system chooses.
  /// Errors: errc::invalid_argument (out of range), not_supported (IPv4; any system but Linux),
  /// access_denied (another program has reserved the label for itself).
  result<> set_flow_label(std::uint32_t label) noexcept;
  /// The source address of the requests. Errors: errc::address_not_available, invalid_argument.
  result<> bind(const ip_address& local) noexcept;
  /// Requests leave by the interface with this index (interfaces.hpp), whatever the routes say; the
  /// system chooses the source among its addresses. On Windows the interface's address does that
  /// (hosts are strong there: RFC 1122, 3.3.4.2). Errors: errc::address_not_available,
  /// not_supported (FreeBSD, and the system's service), access_denied (Linux before 5.7).
  result<> confine(std::uint32_t interface_index) noexcept;
  /// From now on, hears no echo replies but those with this identifier, and no errors but those
  /// about requests with it, where the system can tell them apart; elsewhere does nothing. Then
  /// what others ask cannot fill the queue. For raw sockets: others hear nothing else anyway.
  void listen_for(std::uint16_t identifier) noexcept;

  /// Sends one request. Datagram sockets of Linux replace the identifier by their own:
  /// identifier(). An unspecified peer address means loopback. Errors: errc::invalid_argument (an
  /// address of the other family), network_unreachable, host_unreachable, message_too_large,
  /// access_denied (broadcast), would_block (too much is under way: try again later), …
  result<> send(const icmp::echo_request& request, const ip_address& peer) noexcept;
  /// The next message that arrives, or an ICMP error about a request. What is damaged, or does not
  /// fit `buffer` (65,535 bytes hold everything), is passed over. Errors: errc::timed_out,
  /// cancelled, invalid_argument (an empty buffer).
  result<icmp_event> receive(mutable_bytes buffer, deadline until) noexcept;

  /// Sends from the front on, without waiting, icmp_batch_size at most, and answers how many went;
  /// they have `left` set. An error is about the first. `stamp`: the system shall tell when they
  /// really leave, where it can, which costs a second packet each. Errors: as send().
  result<std::size_t> send_some(std::span<icmp_outgoing> requests, icmp_room& room,
                                bool stamp = false) noexcept;
  /// What has arrived, without waiting: nothing when there is nothing. It points into `room`.
  result<icmp_arrivals> receive_some(icmp_room& room) noexcept;

  /// For a poller, with interest::receive. `invalid` with icmp_access::system, whose answers
  /// receive() alone can wait for.
  native_handle native() const noexcept { return handle_.get(); }

  /// The identifier of the latest request, as it was sent: the one that the reply will carry.
  /// Nothing before the first.
  std::optional<std::uint16_t> identifier() const noexcept { return identifier_; }

 private:
  using service = std::unique_ptr<platform::echo_service, platform::echo_service_deleter>;

  icmp_socket(family, icmp_access, unique_handle, service) noexcept;
  result<> send_to(const icmp::echo_request&, const ip_address& destination) noexcept;
  void note_identifier(std::uint16_t sent) noexcept;
  void expect_batches() noexcept;
  result<icmp_arrivals> receive_notices(icmp_room& room, std::size_t events) noexcept;
  result<> send_by_service(const icmp_outgoing& one) noexcept;

  family family_;
  icmp_access access_;
  unique_handle handle_;                     // raw and datagram
  service service_;                          // system
  std::optional<std::uint16_t> identifier_;  // of the latest request
  bool in_batches_ = false;                  // times and errors come beside the packets,
  bool has_notices_ = false;                 // in a queue of their own that may have some
  std::uint8_t hop_limit_ = 128;             // of the service
  std::uint32_t flow_label_ = 0;
};

}  // namespace portsock
