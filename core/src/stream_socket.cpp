// SPDX-License-Identifier: MIT
#include <portsock/stream_socket.hpp>

#include <array>

#include "connecting.hpp"
#include "waits.hpp"

namespace portsock {
namespace {

using detail::only;

/// Waits for a connect that is in progress to succeed, to fail, or to run out of time.
result<> finish_connect(native_handle s, deadline until) noexcept {
  if (auto ready = detail::await(s, interest::send, until); !ready) return ready.failure();
  if (const auto reason = platform::take_error(s)) return fail(*reason);
  return {};
}

result<> connect_within(native_handle s, const endpoint& peer, deadline until) noexcept {
  // Without a deadline it is one blocking call, which only a signal can leave unfinished.
  const bool waits = detail::waits_for_ever(until);
  if (!waits)
    if (auto set = platform::set_blocking(s, false); !set) return set.failure();
  auto connected = platform::connect(s, peer);
  if (!connected && connected.error() == errc::in_progress) connected = finish_connect(s, until);
  if (!connected) return connected.failure();
  if (!waits) return platform::set_blocking(s, true);
  return {};
}

/// The same failure, called a reset.
error reset_by(error reason) noexcept {
  return {reason.value(), reason.domain(), errc::connection_reset};
}

/// A system that has given up on the peer, since keep-alive or what was sent found no answer, says
/// what it met last: that its time ran out (tcp(7), ETIMEDOUT), or what ICMP told meanwhile. Others
/// say that the connection is gone (Microsoft Learn, recv: WSAENETRESET). It is; and to the caller,
/// a time that ran out is one of its own.
constexpr bool tells_a_lost_peer(error reason) noexcept {
  if (reason.domain() != error_domain::system) return false;
  switch (reason.meaning()) {
    case errc::timed_out:
    case errc::connection_refused:
    case errc::connection_aborted:
    case errc::network_unreachable:
    case errc::host_unreachable:
    case errc::network_down:
    case errc::network_reset:
    case errc::address_not_available:
    case errc::access_denied:
      return true;
    default:
      return false;
  }
}

/// After which the stream is what it was. After any other failure of the system its end is none.
constexpr bool leaves_the_stream(error reason) noexcept {
  if (reason.domain() != error_domain::system) return true;
  switch (reason.meaning()) {
    case errc::would_block:
    case errc::interrupted:
    case errc::cancelled:
    case errc::invalid_argument:
    case errc::bad_address:
    case errc::bad_handle:
    case errc::not_a_socket:
    case errc::not_started:
    case errc::not_supported:
    case errc::message_too_large:
    case errc::no_buffer_space:
    case errc::no_memory:
    case errc::too_many_sockets:
    case errc::broken_pipe:
      return true;
    default:
      return false;
  }
}

}  // namespace

result<stream_socket> stream_socket::connect(const endpoint& peer, deadline until,
                                             std::optional<endpoint> local,
                                             const stream_presets& early) noexcept {
  const auto to = detail::destination(peer);
  if (!to) return to.failure();
  auto socket = detail::open_for(*to, local, early);
  if (!socket) return socket.failure();
  if (auto connected = connect_within(socket->native(), *to, until); !connected)
    return connected.failure();
  if (is_loopback(to->address) && detail::is_connected_to_itself(*socket))
    return fail(errc::connection_refused);
  return socket;
}

result<stream_socket> stream_socket::adopt(native_handle handle) noexcept {
  if (auto adopted = detail::adopt(handle, kind::stream); !adopted) return adopted.failure();
  if (const auto peer = platform::peer_endpoint(handle); !peer) return peer.failure();
  return stream_socket{unique_handle{handle}};
}

result<std::size_t> stream_socket::explained(result<std::size_t> outcome) noexcept {
  if (outcome || outcome.error() == errc::would_block) return outcome;
  const auto reason = platform::explain_failure(native(), outcome.error());
  const bool again = reason == errc::not_connected && handle_.has(unique_handle::note::was_reset);
  // The system may have told it to this call alone; receive() has to know it too.
  if (!leaves_the_stream(reason)) handle_.set(unique_handle::note::was_reset);
  return fail(again || tells_a_lost_peer(reason) ? reset_by(reason) : reason);
}

result<std::size_t> stream_socket::send_again(const_bytes data) noexcept {
  const auto reason = platform::last_failure();
  if (reason == errc::interrupted) return send(only(data));
  return explained(fail(reason));
}

result<std::size_t> stream_socket::send(std::span<const const_bytes> data) noexcept {
  return explained(platform::send(native(), data));
}

result<std::size_t> stream_socket::send(const_bytes data, deadline until) noexcept {
  return send(only(data), until);
}

result<std::size_t> stream_socket::send(std::span<const const_bytes> data,
                                        deadline until) noexcept {
  return explained(detail::try_until(native(), interest::send, until, [&]() noexcept {
    return platform::try_send(native(), data);
  }));
}

transferred stream_socket::send_all(const_bytes data, deadline until) noexcept {
  const bool waits = detail::waits_for_ever(until);
  detail::many_steps steps{until};
  transferred done;
  while (done.size != data.size()) {
    if (const auto next = steps.next(); !next) {
      done.reason = next.error();
      break;
    }
    const auto rest = data.subspan(done.size);
    auto sent = waits ? send(rest) : send(rest, until);
    // Somebody may have made the socket non-blocking.
    if (waits && !sent && sent.error() == errc::would_block) sent = send(rest, until);
    if (!sent) {
      done.reason = sent.error();
      break;
    }
    done.size += *sent;
  }
  return done;
}

/// A reset is told once, and called the end of the stream from then on, by some systems.
result<std::size_t> stream_socket::got(result<std::size_t> outcome) noexcept {
  if (!outcome) return explained(outcome);
  if (*outcome == 0 && handle_.has(unique_handle::note::was_reset))
    return fail(errc::connection_reset);
  return outcome;
}

result<std::size_t> stream_socket::receive_noted(mutable_bytes buffer) noexcept {
  return receive(only(buffer));
}

result<std::size_t> stream_socket::receive_again(mutable_bytes buffer) noexcept {
  const auto reason = platform::last_failure();
  if (reason == errc::interrupted) return receive(only(buffer));
  return got(fail(reason));
}

result<std::size_t> stream_socket::receive(std::span<const mutable_bytes> buffers) noexcept {
  if (handle_.has(unique_handle::note::receive_shut)) return 0;
  return got(platform::receive(native(), buffers));
}

result<std::size_t> stream_socket::receive(mutable_bytes buffer, deadline until) noexcept {
  return receive(only(buffer), until);
}

result<std::size_t> stream_socket::receive(std::span<const mutable_bytes> buffers,
                                           deadline until) noexcept {
  if (handle_.has(unique_handle::note::receive_shut)) return 0;
  return got(detail::try_until(native(), interest::receive, until, [&]() noexcept {
    return platform::try_receive(native(), buffers);
  }));
}

transferred stream_socket::receive_exactly(mutable_bytes buffer, deadline until) noexcept {
  const bool waits = detail::waits_for_ever(until);
  detail::many_steps steps{until};
  transferred done;
  while (done.size != buffer.size()) {
    if (const auto next = steps.next(); !next) {
      done.reason = next.error();
      break;
    }
    const auto rest = buffer.subspan(done.size);
    auto got = waits ? receive(rest) : receive(rest, until);
    if (waits && !got && got.error() == errc::would_block) got = receive(rest, until);
    if (!got || *got == 0) {
      done.reason = got ? error{errc::end_of_stream} : got.error();
      break;
    }
    done.size += *got;
  }
  return done;
}

result<> stream_socket::shutdown(direction which) noexcept {
  if (which != direction::send) handle_.set(unique_handle::note::receive_shut);
  if (which == direction::receive) return {};
  // Of both directions, too: systems disagree on what becomes of data that still comes.
  return platform::shutdown_sending(native());
}

result<std::size_t> stream_socket::available() const noexcept {
  if (handle_.has(unique_handle::note::receive_shut)) return 0u;
  return platform::available(native());
}

result<endpoint> stream_socket::peer_endpoint() const noexcept {
  return platform::peer_endpoint(native());
}

result<> stream_socket::close_gracefully(deadline until) && noexcept {
  stream_socket closing{std::move(*this)};
  if (const auto shut = platform::shutdown_sending(closing.native()); !shut) {
    if (shut.error() != errc::not_connected) return shut;
    // It was connected once: now both sides have finished, or the peer is gone. A reset after the
    // peer's end of the stream is not told by receiving.
    if (const auto reason = platform::take_error(closing.native())) return fail(reset_by(*reason));
  }
  // Not receive(), which after a shutdown of this side says at once that nothing more comes.
  std::array<std::byte, 4096> rest;
  const mutable_bytes room{rest};
  for (detail::many_steps steps{until};;) {
    if (const auto next = steps.next(); !next) return next;
    const auto got =
        closing.got(detail::try_until(closing.native(), interest::receive, until, [&]() noexcept {
          return platform::try_receive(closing.native(), only(room));
        }));
    if (!got)
      return fail(got.error() == errc::not_connected ? errc::connection_reset : got.error());
    if (*got == 0) return {};
  }
}

void stream_socket::abort() && noexcept {
  stream_socket closing{std::move(*this)};
  static_cast<void>(closing.set(options::close_mode, close_mode::abortive));
}

}  // namespace portsock
