// SPDX-License-Identifier: MIT
#pragma once

// Trying first and waiting only when the operation would block: the form with a deadline of each
// call.

#include <platform/contract.hpp>

namespace portsock::detail {

/// Waits until the socket is ready; errc::timed_out, errc::cancelled.
inline result<> await(native_handle s, interest what, deadline until) noexcept {
  const auto ready = platform::wait(s, what, until);
  if (!ready) return ready.failure();
  if (!*ready) return fail(errc::timed_out);
  return {};
}

/// What `attempt` answers once it no longer says errc::would_block.
template <class Attempt>
auto try_until(native_handle s, interest what, deadline until, Attempt attempt) noexcept
    -> decltype(attempt()) {
  for (;;) {
    auto outcome = attempt();
    if (outcome || !(outcome.error() == errc::would_block)) return outcome;
    if (auto ready = await(s, what, until); !ready) return ready.failure();
  }
}

/// Nothing ends a wait before the operation does.
inline bool waits_for_ever(deadline until) noexcept {
  return until.is_never() && until.cancel_handle() == native_handle::invalid;
}

/// One buffer as a list of one.
template <class Buffer>
std::span<const Buffer> only(const Buffer& buffer) noexcept {
  return {&buffer, 1};
}

/// Where a caller means to go: an unspecified address is this host, and port 0 is nowhere.
inline result<endpoint> destination(endpoint peer) noexcept {
  if (peer.port == 0) return fail(errc::invalid_argument);
  if (is_unspecified(peer.address)) peer.address = loopback(family_of(peer.address));
  return peer;
}

/// Checks that `handle` is what an adopting type stands for, and prepares it.
inline result<> adopt(native_handle handle, kind expected) noexcept {
  const auto facts = platform::inspect(handle);
  if (!facts) return facts.failure();
  if (facts->is != expected) return fail(errc::wrong_protocol);
  return platform::prepare_adopted(handle);
}

/// The same for local sockets.
inline result<> adopt_local(native_handle handle, kind expected) noexcept {
  const auto is = platform::inspect_local(handle);
  if (!is) return is.failure();
  if (*is != expected) return fail(errc::wrong_protocol);
  return platform::prepare_adopted(handle);
}

}  // namespace portsock::detail
