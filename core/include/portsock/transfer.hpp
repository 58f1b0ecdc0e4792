// SPDX-License-Identifier: MIT
#pragma once

// Files to sockets, sockets to files, sockets to sockets: inside the system where it can (sendfile,
// splice, TransmitFile), through a buffer where it cannot. Both mean the same, and neither raises a
// signal or caps what is sent.

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>

#include <portsock/deadline.hpp>
#include <portsock/file.hpp>
#include <portsock/stream_socket.hpp>

namespace portsock {

/// The two ends of a transfer.
enum class side : std::uint8_t { source, destination };

/// How far a transfer came. What was moved counts also when it ends in an error.
struct [[nodiscard]] moved {
  std::uint64_t size = 0;       ///< bytes that the destination took
  std::optional<error> reason;  ///< why it ended early; nothing when all of it was moved
  side at = side::source;       ///< at which end, if there is a reason

  explicit operator bool() const noexcept { return !reason; }
};

/// Which bytes of a file.
struct file_range {
  /// The first of them. Nothing: the file's own position, which moves on with what is sent.
  std::optional<std::uint64_t> offset;
  /// How many. Nothing: up to the end of the file, wherever that is once it is reached.
  std::optional<std::uint64_t> length;
};

/// Sends `what` of the file `from`: on Linux, macOS and FreeBSD by sendfile, on Windows by
/// TransmitFile when there is nothing to give up for, and where the system refuses by reading and
/// sending. Waits like send_all(), also on a socket that does not block.
///
/// Reasons at the destination: as send_all(), so errc::connection_reset, broken_pipe, timed_out,
/// cancelled. Reasons at the source: errc::end_of_stream when the file ends before `length` bytes
/// have been sent (it may shrink meanwhile), what reading says, and errc::not_supported for an
/// offset in what has none: a pipe, a terminal. From these, what was read but could not be sent any
/// more is lost; a relay keeps it.
moved send_file(stream_socket& to, file_handle from, file_range what = {},
                deadline until = deadline::never()) noexcept;

/// Writes what comes from the socket to the file `to`, at its own position: `length` bytes, or
/// everything up to the end of the stream.
///
/// Reasons at the source: errc::end_of_stream before `length` bytes have come, and as receive().
/// Reasons at the destination: errc::no_space when the disk is full, and what else writing says;
/// then up to 1 MiB that was taken from the socket is lost.
moved receive_file(stream_socket& from, file_handle to,
                   std::optional<std::uint64_t> length = std::nullopt,
                   deadline until = deadline::never()) noexcept;

namespace detail {
struct relay_state;
struct relay_state_deleter {
  void operator()(relay_state*) const noexcept;
};
}  // namespace detail

/// Carries bytes from one end to another, and keeps what it has taken and not yet delivered: after
/// a deadline or a failure of the destination, held() bytes go on with the next move(), also to
/// another destination. Reuse it for one pair of ends after the other; each costs a pipe on Linux
/// and up to 1 MiB. One relay is for one thread at a time, and each direction wants one of its own.
class relay {
 public:
  /// errc::too_many_sockets, no_memory.
  static result<relay> create() noexcept;

  /// Moves `length` bytes, or everything up to the end of the source, what is held first. Reasons
  /// as receive_file() and send_file() have them. A file is read and written at its own position. A
  /// deadline ends waits for sockets, pipes and terminals; for the disk nothing waits (on Windows:
  /// nor for room in a pipe).
  moved move(stream_socket& from, stream_socket& to,
             std::optional<std::uint64_t> length = std::nullopt,
             deadline until = deadline::never()) noexcept;
  moved move(file_handle from, stream_socket& to,
             std::optional<std::uint64_t> length = std::nullopt,
             deadline until = deadline::never()) noexcept;
  moved move(stream_socket& from, file_handle to,
             std::optional<std::uint64_t> length = std::nullopt,
             deadline until = deadline::never()) noexcept;

  /// Bytes that were taken and not delivered.
  std::size_t held() const noexcept;
  /// Whether they go through a buffer of the program: because the system has no other way (all but
  /// Linux), or because it refused the ends that there were.
  bool copies() const noexcept;

 private:
  explicit relay(detail::relay_state* state) noexcept : state_{state} {}

  std::unique_ptr<detail::relay_state, detail::relay_state_deleter> state_;
};

}  // namespace portsock
