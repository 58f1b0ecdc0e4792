// SPDX-License-Identifier: MIT
#pragma once

// Socket options that know the type and unit of their value, and the sockets that have them.
//
//   socket.set(options::no_delay, true);              // compiles for a stream_socket alone
//   auto size = socket.get(options::receive_buffer);  // a result<int>, in bytes
//   socket.supports(options::keep_alive_count);       // asked of the running system

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <type_traits>

namespace portsock {

enum class kind : std::uint8_t {
  stream,
  listener,
  datagram,
  raw,
  local_stream,
  local_listener,
  local_datagram,
};

template <kind... Kinds>
struct kinds {
  static constexpr bool include(kind k) noexcept { return ((k == Kinds) || ...); }
};
using every_ip_kind = kinds<kind::stream, kind::listener, kind::datagram, kind::raw>;
using every_kind = kinds<kind::stream, kind::listener, kind::datagram, kind::raw,
                         kind::local_stream, kind::local_listener, kind::local_datagram>;
using packet_kinds = kinds<kind::datagram, kind::raw>;

/// Each backend's options.cpp gives an id its level, its name and its native type.
enum class option_id : std::uint8_t {
  no_delay,
  keep_alive,
  keep_alive_idle,
  keep_alive_interval,
  keep_alive_count,
  close_mode,
  send_buffer,
  receive_buffer,
  receive_low_water,
  broadcast,
  v6_only,
  hop_limit,
  traffic_class,
  dont_fragment,
  multicast_interface,
  multicast_loop,
  multicast_hop_limit,
  out_of_band_inline,
  outgoing_interface,
};

inline constexpr std::size_t option_count =
    static_cast<std::size_t>(option_id::outgoing_interface) + 1;

enum class access : std::uint8_t { read_only, read_write };

template <option_id Id, class Value, class Kinds, access Access = access::read_write>
struct option {
  static constexpr option_id id = Id;
  static constexpr bool writable = Access == access::read_write;
  using value_type = Value;
  using kinds = Kinds;
};

template <class Option, class Socket>
concept option_of = Option::kinds::include(Socket::socket_kind);
template <class Option, class Socket>
concept writable_option_of = option_of<Option, Socket> && Option::writable;

/// What closing does with data that has not been sent yet.
enum class close_mode : std::uint8_t {
  graceful,  ///< the system goes on sending in the background; close does not wait
  abortive,  ///< the data is thrown away and the peer is told that the connection was reset
};

namespace options {

using std::chrono::seconds;
using on_stream = kinds<kind::stream>;
using on_datagram = kinds<kind::datagram>;

/// Small writes are sent at once instead of being collected (TCP_NODELAY).
inline constexpr option<option_id::no_delay, bool, on_stream> no_delay;

/// An idle connection is probed, so that a peer which vanished is noticed (RFC 9293, 3.8.4).
inline constexpr option<option_id::keep_alive, bool, on_stream> keep_alive;
/// How long a connection is idle before the first probe, between two probes, and how many probes go
/// unanswered before it is reset. At least one second. Windows before 10 1709 can set the two times
/// but not read them, gives the one that is not set its default, and has a fixed count:
/// errc::not_supported.
inline constexpr option<option_id::keep_alive_idle, seconds, on_stream> keep_alive_idle;
inline constexpr option<option_id::keep_alive_interval, seconds, on_stream> keep_alive_interval;
inline constexpr option<option_id::keep_alive_count, int, on_stream> keep_alive_count;

/// No lingering: whether a peer got the data, only a graceful close can tell (close_gracefully()).
inline constexpr option<option_id::close_mode, close_mode, on_stream> close_mode;

/// In bytes, at least 1; a hint. What is read back is at least what was set, or the system's limit.
/// Setting receive_buffer ends the system's own tuning of it.
inline constexpr option<option_id::send_buffer, int, every_kind> send_buffer;
inline constexpr option<option_id::receive_buffer, int, every_kind> receive_buffer;

/// How many bytes have to be there, at least 1, before a poller tells of a stream, or a receive()
/// without a deadline returns: what wakes a receiver of much less often. The end of the stream and
/// errors are told at once. A hint, which the system may cut to half of its buffer. What comes less
/// is not told at all: set it back to 1 when nothing has come for a moment. A call that does not
/// wait takes less on Linux, and may be errc::would_block on macOS and FreeBSD. Windows has none:
/// errc::not_supported.
inline constexpr option<option_id::receive_low_water, int, on_stream> receive_low_water;

/// Datagrams may be sent to broadcast addresses; without it they fail with errc::access_denied.
inline constexpr option<option_id::broadcast, bool, packet_kinds> broadcast;

/// Set when binding (listen_options, bind_options): no system changes it afterwards.
inline constexpr option<option_id::v6_only, bool,
                        kinds<kind::stream, kind::listener, kind::datagram>, access::read_only>
    v6_only;

/// Routers that a packet may pass, 1 to 255: the TTL of IPv4, the hop limit of IPv6.
inline constexpr option<option_id::hop_limit, int, every_ip_kind> hop_limit;

/// DSCP and ECN bits, 0 to 255: the TOS byte of IPv4, the traffic class of IPv6. Windows accepts a
/// value for a socket and ignores it, so there it is errc::not_supported.
inline constexpr option<option_id::traffic_class, int, every_ip_kind> traffic_class;

/// Packets are not fragmented on the way; one that is too long for a link fails instead.
inline constexpr option<option_id::dont_fragment, bool, packet_kinds> dont_fragment;

/// The interface that everything leaves by, whatever the routes say, as an index (interfaces.hpp);
/// 0: the routes decide. For a connection, set it before that begins (presets). Linux and macOS
/// then hear this interface alone, too; Windows hears all, and FreeBSD has no such option. Linux
/// wants CAP_NET_RAW for changing it afterwards: errc::access_denied. errc::address_not_available:
/// there is no such interface.
inline constexpr option<option_id::outgoing_interface, std::uint32_t,
                        kinds<kind::stream, kind::datagram, kind::raw>>
    outgoing_interface;

/// The interface that multicast leaves by, as an index (interfaces.hpp); 0: the system chooses.
inline constexpr option<option_id::multicast_interface, std::uint32_t, on_datagram>
    multicast_interface;
/// Whether this host hears what it sends to groups. POSIX systems ask the sender's socket, Windows
/// the receiver's: set it on both.
inline constexpr option<option_id::multicast_loop, bool, on_datagram> multicast_loop;
/// Routers that multicast may pass, 0 to 255; 1 stays on the link, which is the default.
inline constexpr option<option_id::multicast_hop_limit, int, on_datagram> multicast_hop_limit;

/// Urgent data stays in the stream, at its place.
inline constexpr option<option_id::out_of_band_inline, bool, on_stream> out_of_band_inline;

}  // namespace options

namespace detail {

template <class Value>
constexpr std::int64_t to_word(Value value) noexcept {
  return static_cast<std::int64_t>(value);
}
constexpr std::int64_t to_word(std::chrono::seconds value) noexcept { return value.count(); }

template <class Value>
constexpr Value from_word(std::int64_t word) noexcept {
  if constexpr (std::is_same_v<Value, bool>) {
    return word != 0;
  } else {
    return static_cast<Value>(word);
  }
}

}  // namespace detail
}  // namespace portsock
