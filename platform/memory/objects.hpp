// SPDX-License-Identifier: MIT
#pragma once

// What handles name: sockets and wakers.

#include <array>
#include <atomic>
#include <cstddef>
#include <deque>
#include <functional>
#include <memory>
#include <optional>
#include <vector>

#include <platform/contract.hpp>

#include "byte_queue.hpp"
#include "hosts.hpp"
#include "world.hpp"

namespace portsock::platform::memory {

struct readiness_state {
  bool can_receive = false;
  bool can_send = false;
  bool failed = false;
  bool ended = false;
};

/// What any number of handles name.
struct object {
  virtual ~object() = default;
  virtual readiness_state state() const = 0;
  /// No handle names it any more.
  virtual void let_go() {}

  /// Tells it from any other, also from one that has got its handle.
  const std::uint32_t serial = next_serial++;
  bool blocking = true;
  std::size_t handles = 0;

 private:
  inline static std::uint32_t next_serial = 1;  // under the lock
};
using object_ref = std::shared_ptr<object>;

// --- handles (handles.cpp); under the lock

/// errc::too_many_sockets.
result<unique_handle> new_handle(object_ref) noexcept;
/// nullptr for what is closed, or none of ours.
object_ref find_object(native_handle) noexcept;
/// It has a handle less, or travels no more.
void let_go_of(object&);
/// errc::bad_handle.
result<object_ref> object_of(native_handle) noexcept;
std::size_t count_handles() noexcept;
/// What a test has made of it: nothing here is ever inherited.
std::atomic<bool>& inheritance_of(native_handle) noexcept;
/// Whether the number can be one of ours. Others are files of the system.
bool is_ours(native_handle) noexcept;

/// Two handles name it: the one that waits, and the one that wakes.
struct waker_object final : object {
  readiness_state state() const override { return {.can_receive = awake}; }
  std::atomic<bool> awake = false;
};
/// nullptr for what is none.
std::shared_ptr<waker_object> find_waker(native_handle) noexcept;

// --- sockets

constexpr bool is_local(kind what) noexcept {
  return what == kind::local_stream || what == kind::local_listener || what == kind::local_datagram;
}

struct socket_object : object, std::enable_shared_from_this<socket_object> {
  socket_object(family wanted, kind what, std::uint8_t number);

  bool has(option_id id) const noexcept { return options[static_cast<std::size_t>(id)] != 0; }
  std::int64_t& operator[](option_id id) noexcept { return options[static_cast<std::size_t>(id)]; }
  std::int64_t operator[](option_id id) const noexcept {
    return options[static_cast<std::size_t>(id)];
  }
  bool hears_interface(std::uint32_t index) const noexcept {
    const auto only = (*this)[option_id::outgoing_interface];
    return only == 0 || only == static_cast<std::int64_t>(index);
  }
  bool takes_v4() const noexcept { return of == family::v4 || !has(option_id::v6_only); }

  std::size_t home;
  family of;
  kind is;
  std::uint8_t protocol;
  endpoint local;
  bool bound = false;
  bind_policy policy = bind_policy::exclusive;
  std::optional<endpoint> peer;
  std::array<std::int64_t, option_count> options{};
  std::optional<error> pending;  ///< what SO_ERROR would be
  local_address name;            ///< of a local socket, as the next
  local_address peer_name;
};
using socket_ref = std::shared_ptr<socket_object>;

/// errc::bad_handle, not_a_socket.
result<socket_ref> socket_of(native_handle) noexcept;
/// The same, and errc::wrong_protocol for another kind.
template <class Kind>
result<std::shared_ptr<Kind>> find_as(native_handle s) noexcept {
  const auto found = socket_of(s);
  if (!found) return found.failure();
  if (auto wanted = std::dynamic_pointer_cast<Kind>(*found)) return wanted;
  return std::unexpected{system_reason(errc::not_supported)};
}

/// Datagrams, raw packets, and ICMP without rights.
struct packet_socket final : socket_object {
  using socket_object::socket_object;
  readiness_state state() const override;
  void let_go() override;

  /// Others hear the packets of their protocol, whatever port they are for.
  bool has_port() const noexcept { return is == kind::datagram && !is_icmp_datagram; }
  /// Takes a packet that is for this socket, or has no room for it.
  void take(const packet&);

  std::deque<packet> arrived;
  std::size_t held = 0;  ///< bytes of them
  std::uint64_t discarded = 0;
  std::vector<membership> groups;
  detail_set reports;
  bool reports_unreachable = false;
  bool is_icmp_datagram = false;
  bool filters_echo = false;
  std::optional<std::uint16_t> identifier;  ///< the only one that it hears
};

/// Datagrams that stay inside a host.
struct local_datagrams final : socket_object {
  using socket_object::socket_object;
  readiness_state state() const override {
    return {.can_receive = !arrived.empty(), .can_send = true};
  }

  struct item {
    local_address from;
    std::vector<std::byte> payload;
  };
  std::deque<item> arrived;
};

/// Handles that travel beside a byte.
struct passed_handles {
  std::uint64_t position;  ///< of the byte, among all that are received
  std::vector<object_ref> named;
};

/// What is under way of a stream, from when it is first sent until it has come in order.
struct segment {
  std::size_t size = 0;
  bool ends = false;     ///< the stream, behind its last byte
  bool arrived = false;  ///< and waits for those before it
  int failed_tries = 0;
};

/// One end of a connection, of TCP or inside a host.
struct stream final : socket_object {
  enum class phase : std::uint8_t { fresh, connecting, open, failed };

  using socket_object::socket_object;
  readiness_state state() const override;
  void let_go() override;

  bool is_local() const noexcept { return is == kind::local_stream; }
  /// Nobody will receive what this end of a local stream sends.
  bool is_unheard() const noexcept { return is_local() && other && other->abandoned; }
  std::shared_ptr<stream> self() { return std::static_pointer_cast<stream>(shared_from_this()); }
  std::size_t receive_limit() const noexcept {
    return static_cast<std::size_t>((*this)[option_id::receive_buffer]);
  }
  std::size_t send_limit() const noexcept {
    return static_cast<std::size_t>((*this)[option_id::send_buffer]);
  }
  std::size_t low_water() const noexcept {
    const auto wanted = static_cast<std::size_t>((*this)[option_id::receive_low_water]);
    return (std::min)(wanted, receive_limit() / 2 + 1);
  }
  /// Bytes that are to be kept until the peer has answered them.
  std::size_t unanswered() const noexcept { return unsent.size() + unacknowledged; }

  phase now = phase::fresh;
  std::shared_ptr<stream> other;  ///< while both ends know of each other
  byte_queue received;
  std::deque<passed_handles> passed;  ///< with what is received, and with what is yet to come
  byte_queue unsent;                  ///< what has not arrived yet; the front of it is under way
  std::deque<std::shared_ptr<segment>> segments;
  std::size_t under_way = 0;       ///< bytes of the segments
  std::size_t unacknowledged = 0;  ///< have arrived, but the answer has not
  std::uint64_t allowed = 0;       ///< how many in all the peer has told it has room for
  time_point last_arrival{};
  bool sending_shut = false;
  bool end_sent = false;
  bool end_arrived = false;
  bool was_reset = false;
  bool abandoned = false;  ///< no handle is left
  bool aborted = false;    ///< it has ended by a reset, and sends nothing more
  bool retries = false;    ///< a retry is going to happen
  int failed_tries = 0;
  std::optional<std::uint64_t> urgent;       ///< where in what was received urgent data is
  std::optional<std::uint64_t> urgent_sent;  ///< the same, of what was sent
  std::uint64_t bytes_sent = 0;
  std::uint64_t bytes_received = 0;
  std::uint64_t segments_again = 0;
  std::uint64_t bytes_again = 0;
};

struct listener final : socket_object {
  using socket_object::socket_object;
  readiness_state state() const override { return {.can_receive = !waiting.empty()}; }
  void let_go() override;

  bool listens = false;
  std::size_t room = 0;
  std::vector<stream*> coming;  ///< are about to wait
  std::deque<std::shared_ptr<stream>> waiting;
};

/// Of TCP: each end that a handle names, or that is with a listener.
void each_connection(const std::function<void(stream&)>&);
/// Sends what can be sent.
void push_on(const std::shared_ptr<stream>& from);
/// The connection is over for both ends, at once.
void reset_both(stream&);

}  // namespace portsock::platform::memory
