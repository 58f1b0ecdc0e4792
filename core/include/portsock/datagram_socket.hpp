// SPDX-License-Identifier: MIT
#pragma once

// Datagrams (UDP): to and from anybody, or with one peer.

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>

#include <portsock/basic_socket.hpp>
#include <portsock/batch.hpp>
#include <portsock/bytes.hpp>
#include <portsock/datagram_details.hpp>
#include <portsock/deadline.hpp>
#include <portsock/presets.hpp>
#include <portsock/segments.hpp>
#include <portsock/stream_listener.hpp>

namespace portsock {

struct bind_options {
  bind_policy policy = bind_policy::exclusive;
  /// A socket on the IPv6 wildcard hears IPv4 too, and may send to IPv4 peers.
  bool dual_stack = false;
  /// Hears what arrives by the interface with this index (interfaces.hpp) alone, its broadcasts and
  /// multicasts included. For a socket on the wildcard: bound to the interface's address instead, a
  /// socket would be deaf to broadcasts under POSIX. errc::not_supported on FreeBSD.
  std::uint32_t interface_index = 0;
};

/// A datagram is sent whole or not at all, and arrives whole, cut (received::truncated) or not at
/// all. No call fails because an earlier datagram met a closed port or a router without a way.
class datagram_socket : public basic_socket<kind::datagram> {
 public:
  /// Takes over a datagram socket as it is. adopt() checks and prepares it first.
  explicit datagram_socket(unique_handle handle) noexcept;

  /// Port 0 lets the system choose. Errors: as stream_listener::listen.
  static result<datagram_socket> bind(const endpoint& local, bind_options = {}) noexcept;
  /// As stream_socket::adopt, for an unconnected datagram socket.
  static result<datagram_socket> adopt(native_handle handle) noexcept;

  /// Errors: errc::message_too_large (more than 65,507 bytes over IPv4, and on macOS more than its
  /// send buffer), invalid_argument (port 0), access_denied (broadcast without the option),
  /// would_block, network_unreachable, … An unspecified peer address means loopback.
  result<> send_to(const_bytes datagram, const endpoint& peer) noexcept;
  result<> send_to(const_bytes datagram, const endpoint& peer, deadline until) noexcept;
  /// To where a datagram came from, or an endpoint translated once, without looking at it again.
  result<> send_to(const_bytes datagram, const native_endpoint& peer) noexcept {
    if (platform::bare_send_to(native(), datagram.data(), datagram.size(), peer) >= 0) [[likely]]
      return {};
    return send_again(datagram, peer);
  }
  /// Gathers one datagram from several buffers, at most 64.
  result<> send_to(std::span<const const_bytes> datagram, const endpoint& peer) noexcept;
  result<> send_to(std::span<const const_bytes> datagram, const endpoint& peer,
                   deadline until) noexcept;

  /// The next datagram. A buffer of 65,535 bytes never cuts one; an empty buffer is
  /// errc::invalid_argument. Errors: would_block.
  result<received> receive_from(mutable_bytes buffer) noexcept {
    result<received> got{std::in_place};
    const auto size = buffer.empty() ? -1
                                     : platform::bare_receive_from(native(), buffer.data(),
                                                                   buffer.size(), got->from);
    if (static_cast<std::size_t>(size) <= buffer.size()) [[likely]] {  // not negative, too
      got->size = static_cast<std::size_t>(size);
      got->truncated = false;
    } else {
      receive_again(buffer, size, got);
    }
    return got;
  }
  result<received> receive_from(mutable_bytes buffer, deadline until) noexcept;
  /// Scatters one datagram over several buffers, at most 64.
  result<received> receive_from(std::span<const mutable_bytes> buffers) noexcept {
    return platform::receive_from(native(), buffers);
  }
  result<received> receive_from(std::span<const mutable_bytes> buffers, deadline until) noexcept;

  /// Sends many datagrams in as few calls as the system needs, each as send_to() would. A call that
  /// does not wait, or a datagram that cannot be sent, ends it: what went before is sent, and the
  /// reason is told.
  sent_batch send_batch(std::span<const outgoing> datagrams) noexcept;
  /// Waits for room as often as there is none, until all are sent or the time is up.
  sent_batch send_batch(std::span<const outgoing> datagrams, deadline until) noexcept;
  /// Waits for one datagram and takes those that are there, in order, as many as have room: how
  /// many. Each has its own size, source and truncation. Errors: as receive_from().
  result<std::size_t> receive_batch(std::span<incoming> rooms) noexcept;
  result<std::size_t> receive_batch(std::span<incoming> rooms, deadline until) noexcept;
  /// `peer` as this socket wants it, for outgoing::peer and for send_to() to one peer many times.
  result<native_endpoint> destination(const endpoint& peer) const noexcept;

  /// Asks for these details of each datagram, and for no others: those that the system will report.
  /// A datagram that has arrived before may come without them.
  result<detail_set> report(detail_set wanted) noexcept {
    return platform::report_details(native(), wanted);
  }
  /// The next datagram and what was asked for. Costs more than receive_from().
  result<detailed<received>> receive_in_detail(mutable_bytes buffer) noexcept;
  result<detailed<received>> receive_in_detail(mutable_bytes buffer, deadline until) noexcept;
  /// Sends one datagram in its own way. Besides the errors of send_to():
  /// errc::address_not_available (a source or an interface that this host has not),
  /// invalid_argument (a source of the other family, a number out of range), not_supported (the
  /// system cannot do this for one datagram).
  result<> send_to(const_bytes datagram, const native_endpoint& peer,
                   const send_details& how) noexcept;
  result<> send_to(const_bytes datagram, const endpoint& peer, const send_details& how) noexcept;
  result<> send_to(const_bytes datagram, const endpoint& peer, const send_details& how,
                   deadline until) noexcept;

  /// Sends `data` as datagrams of `segment_size` bytes, the last of which may be shorter; by the
  /// system's segmentation where there is one and it is not refused on the way to the peer, else as
  /// send_batch() would. A size that was refused is not tried again by this socket. Any length.
  /// Errors: as send_to(); errc::invalid_argument for a size of 0.
  sent_segments send_segments(const_bytes data, std::size_t segment_size,
                              const native_endpoint& peer, const send_details& how = {}) noexcept;
  sent_segments send_segments(const_bytes data, std::size_t segment_size, const endpoint& peer,
                              const send_details& how = {}) noexcept;
  sent_segments send_segments(const_bytes data, std::size_t segment_size, const endpoint& peer,
                              deadline until, const send_details& how = {}) noexcept;
  /// Lets the system hand over datagrams of one size and sender as one: whether it will. From then
  /// on receive with receive_segments() or receive_in_detail() alone: to the other calls several
  /// datagrams look like one. What had been joined before a switching off stays so.
  result<bool> coalesce(bool wanted) noexcept { return platform::coalesce(native(), wanted); }
  /// The next datagram, or several. A buffer of 65,535 bytes never cuts them.
  result<coalesced<received>> receive_segments(mutable_bytes buffer) noexcept;
  result<coalesced<received>> receive_segments(mutable_bytes buffer, deadline until) noexcept;

  /// Hears `group` on the interface with this index (interfaces.hpp; 0: the system chooses), from
  /// anybody or from `source` alone. Joining twice and leaving what was never joined are successes.
  /// Errors: errc::invalid_argument (not a multicast address, or families that differ),
  /// address_not_available (no such interface). Before joining from anybody leave the sources: that
  /// the others stay unheard Linux tells (address_in_use, ip(7)), and other systems may not.
  result<> join(const ip_address& group, std::uint32_t interface_index = 0) noexcept;
  result<> leave(const ip_address& group, std::uint32_t interface_index = 0) noexcept;
  result<> join(const ip_address& group, const ip_address& source,
                std::uint32_t interface_index = 0) noexcept;
  result<> leave(const ip_address& group, const ip_address& source,
                 std::uint32_t interface_index = 0) noexcept;

 private:
  // Just after a bare call failed: repeats it, unless it would only have to wait.
  result<> send_again(const_bytes datagram, const native_endpoint& peer) noexcept;
  // Just after a bare call failed, or cut the datagram.
  void receive_again(mutable_bytes buffer, std::int64_t size, result<received>& got) noexcept;

  family family_;
  std::size_t refused_segments_ = SIZE_MAX;  // of this size and above
};

/// A datagram socket with one peer: nobody else's datagrams arrive, and the system finds the way
/// once.
class connected_datagram_socket : public basic_socket<kind::datagram> {
 public:
  using basic_socket::basic_socket;

  /// `early` has options that are set before the system looks for the way to `peer`. Errors:
  /// errc::invalid_argument (port 0), address_not_available, network_unreachable, what setting
  /// these options says.
  static result<connected_datagram_socket> connect(const endpoint& peer,
                                                   std::optional<endpoint> local = std::nullopt,
                                                   const datagram_presets& early = {}) noexcept;
  /// As stream_socket::adopt, for a connected datagram socket.
  static result<connected_datagram_socket> adopt(native_handle handle) noexcept;

  result<> send(const_bytes datagram) noexcept {
    if (platform::bare_send(native(), datagram.data(), datagram.size()) >= 0) [[likely]]
      return {};
    return send_again(datagram);
  }
  result<> send(const_bytes datagram, deadline until) noexcept;
  result<> send(std::span<const const_bytes> datagram) noexcept {
    return platform::send_datagram(native(), datagram);
  }
  result<> send(std::span<const const_bytes> datagram, deadline until) noexcept;
  result<received_part> receive(mutable_bytes buffer) noexcept;
  result<received_part> receive(mutable_bytes buffer, deadline until) noexcept;
  result<received_part> receive(std::span<const mutable_bytes> buffers) noexcept {
    return platform::receive_datagram(native(), buffers);
  }
  result<received_part> receive(std::span<const mutable_bytes> buffers, deadline until) noexcept;
  result<endpoint> peer_endpoint() const noexcept;

  /// As datagram_socket's, without the peers.
  sent_batch send_batch(std::span<const const_bytes> datagrams) noexcept;
  sent_batch send_batch(std::span<const const_bytes> datagrams, deadline until) noexcept;
  result<std::size_t> receive_batch(std::span<incoming_part> rooms) noexcept;
  result<std::size_t> receive_batch(std::span<incoming_part> rooms, deadline until) noexcept;

  /// As datagram_socket's.
  result<detail_set> report(detail_set wanted) noexcept {
    return platform::report_details(native(), wanted);
  }
  result<detailed<received_part>> receive_in_detail(mutable_bytes buffer) noexcept;
  result<detailed<received_part>> receive_in_detail(mutable_bytes buffer, deadline until) noexcept;
  result<> send(const_bytes datagram, const send_details& how) noexcept;
  result<> send(const_bytes datagram, const send_details& how, deadline until) noexcept;

  /// As datagram_socket's, without the peer.
  sent_segments send_segments(const_bytes data, std::size_t segment_size,
                              const send_details& how = {}) noexcept;
  sent_segments send_segments(const_bytes data, std::size_t segment_size, deadline until,
                              const send_details& how = {}) noexcept;
  result<bool> coalesce(bool wanted) noexcept { return platform::coalesce(native(), wanted); }
  result<coalesced<received_part>> receive_segments(mutable_bytes buffer) noexcept;
  result<coalesced<received_part>> receive_segments(mutable_bytes buffer, deadline until) noexcept;

 private:
  result<> send_again(const_bytes datagram) noexcept;

  std::size_t refused_segments_ = SIZE_MAX;
};

}  // namespace portsock
