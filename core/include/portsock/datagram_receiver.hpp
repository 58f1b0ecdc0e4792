// SPDX-License-Identifier: MIT
#pragma once

// A receiver of broadcasts and groups by one interface, as discovery protocols need it. A socket
// bound to an interface's address hears its broadcasts on Windows and is deaf to them under POSIX;
// one on the wildcard hears every interface. This one hears the same everywhere:
//
//   auto receiver = datagram_receiver::bind(family::v4, 47'808, index);
//   receiver->join(group);
//   const auto got = receiver->receive_from(buffer, deadline::in(1s));

#include <cstdint>

#include <portsock/datagram_socket.hpp>

namespace portsock {

/// Hears what arrives by one interface: unicast, broadcasts (IPv4), and the groups that were
/// joined. On Windows unicast only to the first of several addresses. A poller may tell of a
/// datagram that proves to be for others. Thread-safety: as datagram_socket.
class datagram_receiver : private datagram_socket {
 public:
  using datagram_socket::get;
  using datagram_socket::local_endpoint;
  using datagram_socket::native;
  using datagram_socket::send_to;
  using datagram_socket::set;
  using datagram_socket::set_blocking;
  using datagram_socket::socket_kind;
  using datagram_socket::supports;

  /// Port 0 lets the system choose; `interface_index` is as interfaces.hpp tells it. By the
  /// system's own filter, or as over() where there is none: FreeBSD, and Linux before 5.7 for
  /// programs without the rights. There the port has one receiver, whatever the interface. Errors:
  /// errc::invalid_argument (index 0), address_not_available (no such interface, or on Windows none
  /// with an address of this family), what datagram_socket::bind says.
  static result<datagram_receiver> bind(family of, std::uint16_t port,
                                        std::uint32_t interface_index,
                                        bind_policy policy = bind_policy::exclusive) noexcept;
  /// Receives by a socket on the wildcard and drops what came by other interfaces, at the cost of a
  /// look at each. Errors: errc::invalid_argument (index 0, or a socket that is not on the
  /// wildcard), not_supported (the system does not tell by what interface a datagram came).
  static result<datagram_receiver> over(datagram_socket socket,
                                        std::uint32_t interface_index) noexcept;

  /// Hears `group` on the interface, from anybody or from `source` alone. Errors: as
  /// datagram_socket::join.
  result<> join(const ip_address& group) noexcept {
    return datagram_socket::join(group, interface_index_);
  }
  result<> join(const ip_address& group, const ip_address& source) noexcept {
    return datagram_socket::join(group, source, interface_index_);
  }
  result<> leave(const ip_address& group) noexcept {
    return datagram_socket::leave(group, interface_index_);
  }
  result<> leave(const ip_address& group, const ip_address& source) noexcept {
    return datagram_socket::leave(group, source, interface_index_);
  }

  /// The next datagram that came by the interface. Errors: as datagram_socket::receive_from.
  result<received> receive_from(mutable_bytes buffer) noexcept;
  result<received> receive_from(mutable_bytes buffer, deadline until) noexcept;

 private:
  datagram_receiver(datagram_socket socket, std::uint32_t interface_index, bool drops) noexcept
      : datagram_socket{std::move(socket)}, interface_index_{interface_index}, drops_{drops} {}
  bool is_for_others(const detailed<received>& got) const noexcept {
    return got.details.interface_index != interface_index_;
  }

  std::uint32_t interface_index_;
  bool drops_;  // since the system lets through what came by other interfaces
};

}  // namespace portsock
