// SPDX-License-Identifier: MIT
#pragma once

// A connected byte stream (TCP).

#include <chrono>
#include <cstddef>
#include <optional>
#include <span>
#include <string_view>

#include <portsock/basic_socket.hpp>
#include <portsock/bytes.hpp>
#include <portsock/deadline.hpp>
#include <portsock/presets.hpp>

namespace portsock {

namespace detail {
struct stream_access;
}

enum class direction : std::uint8_t { receive, send, both };

/// How far a transfer of many steps came. What was done counts also when it ends in an error.
struct [[nodiscard]] transferred {
  std::size_t size = 0;         ///< bytes that went through
  std::optional<error> reason;  ///< why it ended early; nothing when all of it went through

  explicit operator bool() const noexcept { return !reason; }
};

/// A connected byte stream: connect() made it, or a listener accepted it. There is no other state:
/// closing is destroying, or one of the && members.
class stream_socket : public basic_socket<kind::stream> {
 public:
  using basic_socket::basic_socket;

  /// Connects to `peer`; an unspecified address (0.0.0.0, ::) means loopback, and port 0 is
  /// errc::invalid_argument. `local` chooses the source address and port, `early` has
  /// options that are set before anything is sent. Errors:
  /// errc::connection_refused, timed_out, network_unreachable, host_unreachable,
  /// address_not_available, …
  static result<stream_socket> connect(const endpoint& peer, deadline until = deadline::never(),
                                       std::optional<endpoint> local = std::nullopt,
                                       const stream_presets& early = {}) noexcept;
  /// Connects to the one of `peers` that answers first (RFC 8305, "happy eyeballs"). They are tried
  /// in their order, but with IPv4 and IPv6 taking turns; the next begins when the one before has
  /// failed, or has not answered for `stagger`, and runs beside it. All others are given up as soon
  /// as one is connected; peer_endpoint() tells which. The error is that of the last to fail, or
  /// errc::timed_out, cancelled; errc::invalid_argument without peers. Allocates.
  static result<stream_socket> connect_any(
      std::span<const endpoint> peers, deadline until = deadline::never(),
      std::chrono::milliseconds stagger = std::chrono::milliseconds{250},
      std::optional<endpoint> local = std::nullopt, const stream_presets& early = {});
  /// Resolves `host` (resolver.hpp) and connects to its addresses as connect_any() does. The error
  /// is that of the resolver, or of connect_any(). Allocates.
  static result<stream_socket> connect(std::string_view host, std::uint16_t port,
                                       deadline until = deadline::never());
  /// Takes over a connected stream socket that something else made: checks that it is one, and
  /// makes it blocking, safe from SIGPIPE and invisible to children. On failure
  /// (errc::not_a_socket, bad_handle, wrong_protocol, not_connected) the handle stays the caller's.
  static result<stream_socket> adopt(native_handle handle) noexcept;

  /// Sends at least one byte of `data`, and says how many. Errors: errc::connection_reset when the
  /// peer is gone or the system has given up on it, broken_pipe after shutdown(direction::send),
  /// would_block.
  result<std::size_t> send(const_bytes data) noexcept {
    const auto size = platform::bare_send(native(), data.data(), data.size());
    if (size >= 0) [[likely]]
      return static_cast<std::size_t>(size);
    if (platform::would_have_blocked()) return fail(platform::would_block);
    return send_again(data);
  }
  result<std::size_t> send(const_bytes data, deadline until) noexcept;
  /// Gathers: the buffers' bytes, one after the other, at the price of one call. At most the first
  /// 64 buffers of a call are looked at.
  result<std::size_t> send(std::span<const const_bytes> data) noexcept;
  result<std::size_t> send(std::span<const const_bytes> data, deadline until) noexcept;
  /// Sends all of `data`, in as many steps as it takes.
  transferred send_all(const_bytes data, deadline until = deadline::never()) noexcept;

  /// Fills the front of `buffer`, and says how much. 0: the peer has finished sending (or `buffer`
  /// is empty). Errors: errc::connection_reset, now and on each later call; would_block.
  result<std::size_t> receive(mutable_bytes buffer) noexcept {
    const auto now = handle_.look();
    if (now.has_notes()) [[unlikely]]
      return receive_noted(buffer);
    if (buffer.empty()) return 0;  // the system would wait until there is something
    const auto size = platform::bare_receive(now.handle(), buffer.data(), buffer.size());
    if (size >= 0) [[likely]]
      return static_cast<std::size_t>(size);
    if (platform::would_have_blocked()) return fail(platform::would_block);
    return receive_again(buffer);
  }
  result<std::size_t> receive(mutable_bytes buffer, deadline until) noexcept;
  /// Scatters: fills the buffers one after the other, at most 64 of them.
  result<std::size_t> receive(std::span<const mutable_bytes> buffers) noexcept;
  result<std::size_t> receive(std::span<const mutable_bytes> buffers, deadline until) noexcept;
  /// Bytes that a receive gives at once; 0 says nothing of the end of the stream. A hint for the
  /// size of a buffer: more may have come since.
  result<std::size_t> available() const noexcept;
  /// Fills all of `buffer`, or says errc::end_of_stream (or why else) and how much came.
  transferred receive_exactly(mutable_bytes buffer, deadline until = deadline::never()) noexcept;

  /// direction::send tells the peer that nothing more comes: it receives 0. direction::receive
  /// makes receive() answer 0 here and tells neither the peer nor the system, since systems
  /// disagree on what becomes of data that still comes. direction::both does both.
  result<> shutdown(direction which) noexcept;
  result<endpoint> peer_endpoint() const noexcept;

  /// Finishes sending, waits until the peer has finished too, throwing away what still comes, and
  /// closes. Success means that the peer's system took all data and its program closed or shut
  /// down; nothing else tells (RFC 9293, 3.6). The socket is closed in any case.
  result<> close_gracefully(deadline until) && noexcept;
  /// Closes at once; the peer sees errc::connection_reset, and data on its way is lost.
  void abort() && noexcept;

 private:
  friend struct detail::stream_access;

  // Just after a bare call failed: repeats what was interrupted, remembers a reset.
  result<std::size_t> send_again(const_bytes data) noexcept;
  result<std::size_t> receive_again(mutable_bytes buffer) noexcept;
  // Of a handle with notes. Out of line: it looks at the buffer by its address.
  result<std::size_t> receive_noted(mutable_bytes buffer) noexcept;
  result<std::size_t> explained(result<std::size_t> outcome) noexcept;
  result<std::size_t> got(result<std::size_t> outcome) noexcept;
};

}  // namespace portsock
