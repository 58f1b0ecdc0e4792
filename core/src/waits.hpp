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

/// Between the steps of one call. A peer that keeps the socket ready lets none of them wait, and so
/// none would see that the time is over.
class many_steps {
 public:
  explicit many_steps(deadline until) noexcept
      : until_{until},
        waits_{waits_for_ever(until)},
        often_{until.moment() == deadline::now().moment() ? 65'536u : 16u} {}

  /// errc::timed_out, errc::cancelled. Looks at every 16th step, since it may cost a system call;
  /// with deadline::now(), for what can be done at once, more rarely.
  result<> next() noexcept {
    if (waits_ || ++steps_ % often_ != 0) return {};
    if (until_.cancel_handle() != native_handle::invalid) {
      const auto tripped =
          platform::wait(until_.cancel_handle(), interest::receive, deadline::now());
      if (tripped && *tripped) return fail(errc::cancelled);
    }
    if (until_.has_passed()) return fail(errc::timed_out);
    return {};
  }

 private:
  deadline until_;
  bool waits_;
  unsigned often_;
  unsigned steps_ = 0;
};

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
