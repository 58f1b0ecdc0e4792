// SPDX-License-Identifier: MIT
#include <platform/posix/local.hpp>

#include <algorithm>

#include <sys/time.h>

namespace portsock::platform {
namespace {

/// How long one wait for the listener's queue is, when somebody may cancel it.
constexpr std::chrono::milliseconds slice{20};

/// connect() waits for the queue for this long (socket(7), SO_SNDTIMEO); zero: for ever.
result<> limit_connect(native_handle s, std::chrono::microseconds wait) noexcept {
  const auto whole = std::chrono::duration_cast<std::chrono::seconds>(wait);
  const timeval limit{static_cast<std::time_t>(whole.count()),
                      static_cast<suseconds_t>((wait - whole).count())};
  return checked(::setsockopt(descriptor(s), SOL_SOCKET, SO_SNDTIMEO, &limit, sizeof limit));
}

/// Connects for as long as there is time. A queue that has room again is no event that poll knows.
result<> connect_until(native_handle s, const local_address& peer, deadline until) noexcept {
  for (;;) {
    const auto left = std::chrono::ceil<std::chrono::microseconds>(until.remaining());
    auto wait = (std::max)(left, std::chrono::microseconds{1});
    if (until.cancel_handle() != native_handle::invalid)
      wait = (std::min)(wait, std::chrono::microseconds{slice});
    if (auto limited = limit_connect(s, wait); !limited) return limited.failure();
    const auto connected = connect_once(s, peer);
    if (connected || !(connected.error() == errc::would_block)) return connected;
    if (until.cancel_handle() != native_handle::invalid) {
      const auto stop = platform::wait(until.cancel_handle(), interest::receive, deadline::now());
      if (stop && *stop) return fail(errc::cancelled);
    }
    if (until.has_passed()) return fail(errc::timed_out);
  }
}

}  // namespace

bool has_abstract_names() noexcept { return true; }

result<> connect_local(native_handle s, const local_address& peer, deadline until) noexcept {
  if (until.is_never() && until.cancel_handle() == native_handle::invalid)
    return connect_once(s, peer);
  if (auto connected = connect_until(s, peer, until); !connected) return connected.failure();
  return limit_connect(s, {});
}

result<local_credentials> peer_credentials(native_handle s) noexcept {
  ucred peer{};
  socklen_t size = sizeof peer;
  if (::getsockopt(descriptor(s), SOL_SOCKET, SO_PEERCRED, &peer, &size) != 0)
    return std::unexpected{last_error()};
  return local_credentials{static_cast<std::uint32_t>(peer.pid), peer.uid, peer.gid};
}

int new_pair(int (&ends)[2]) noexcept {
  return ::socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends);
}

ssize_t receive_message(int s, msghdr* message, int flags) noexcept {
  return uninterrupted(::recvmsg, s, message, flags | MSG_CMSG_CLOEXEC);
}

}  // namespace portsock::platform
