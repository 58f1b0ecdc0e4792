// SPDX-License-Identifier: MIT
#pragma once

// One stream of a measurement at work: four loops, two for each end. A stream has its connection,
// over which requests, reports and, with TCP, the data go.

#include <chrono>
#include <cstdint>
#include <functional>

#include <portsock/datagram_socket.hpp>
#include <portsock/stream_socket.hpp>
#include <portsock/waker.hpp>
#include <tools/measure/frames.hpp>

namespace portsock::tools::measuring {

/// What a flow is given.
struct flow {
  stream_socket& connection;
  const request& asked;
  const canceller& stop;
  /// Called with what there is, each interval. An error ends the flow.
  std::function<result<>(const report&)> tell;
};

/// Nothing has moved for so long: the other end is not there any more.
inline constexpr std::chrono::seconds patience{15};
/// For a message that has nothing in its way.
inline constexpr std::chrono::seconds message_patience{5};

/// For loops whose calls need not wait, and so may never hear that somebody has interrupted.
class interruption {
 public:
  explicit interruption(const canceller& stop) noexcept : stop_{stop} {}
  /// errc::cancelled. The system is asked twenty times a second at most.
  result<> look() noexcept;

 private:
  const canceller& stop_;
  std::uint64_t next_look_ = 0;
};

/// Sends for as long as was asked, and tells the receiver that this was all: the whole of it.
result<report> send_stream(const flow& with);
/// Until the sender says that this was all. errc::protocol_not_supported for what is no frame.
result<report> receive_stream(const flow& with);

result<report> send_datagrams(const flow& with, connected_datagram_socket& to);
/// To the client, once it has proved to be where its datagrams come from, and while it does so;
/// then waits for its result.
result<report> send_datagrams(const flow& with, datagram_socket& from);
/// A socket for datagrams, at the address and, if it is free, the number of the connection, for the
/// sake of firewalls: `port` is what it got.
result<datagram_socket> open_datagrams(const endpoint& here, std::uint16_t& port);
/// From anybody who knows the token.
result<report> receive_datagrams(const flow& with, datagram_socket& from);
/// From the server, to which it proves where it is; then sends the result.
result<report> receive_datagrams(const flow& with, connected_datagram_socket& from);

/// A frame with a report, whole.
result<> send_frame(stream_socket& to, frame kind, const report& told, const canceller& stop);
/// With what the system knows of the connection, where it does.
report with_statistics(report told, const stream_socket& connection);
/// Success when it is only that nothing has come.
result<> unless_late(error reason);
/// Waits for the moment alone. errc::cancelled.
result<> pause(deadline until);
/// In ns, by a clock that never goes back.
std::uint64_t moment() noexcept;

}  // namespace portsock::tools::measuring
