// SPDX-License-Identifier: MIT
#include <algorithm>
#include <limits>
#include <new>

#include <portsock/transfer.hpp>

#include "relay_state.hpp"
#include "stream_access.hpp"
#include "waits.hpp"

namespace portsock {
namespace {

using detail::stream_access;
using platform::transfer_end;

transfer_end end_of(const stream_socket& socket) noexcept { return {socket.native(), {}}; }
transfer_end end_of(file_handle file) noexcept { return {native_handle::invalid, file}; }

result<std::size_t> got(stream_socket& from, result<std::size_t> outcome) noexcept {
  return stream_access::got(from, outcome);
}
result<std::size_t> got(file_handle, result<std::size_t> outcome) noexcept { return outcome; }
result<std::size_t> sent(stream_socket& to, result<std::size_t> outcome) noexcept {
  return stream_access::sent(to, outcome);
}
result<std::size_t> sent(file_handle, result<std::size_t> outcome) noexcept { return outcome; }

bool is_shut(const stream_socket& from) noexcept { return stream_access::is_shut(from); }
bool is_shut(file_handle) noexcept { return false; }

result<bool> wait(const transfer_end& end, interest what, deadline until) noexcept {
  return end.is_socket() ? platform::wait(end.socket, what, until)
                         : platform::wait(end.file, what, until);
}

/// What `attempt` answers once it no longer says errc::would_block.
template <class Attempt>
result<std::size_t> try_until(const transfer_end& end, interest what, deadline until,
                              Attempt attempt) noexcept {
  for (;;) {
    const auto outcome = attempt();
    if (outcome || outcome.error() != errc::would_block) return outcome;
    const auto ready = wait(end, what, until);
    if (!ready) return ready.failure();
    if (!*ready) return fail(errc::timed_out);
  }
}

template <class From, class To>
moved carry(detail::relay_state& state, From& from, To& to, std::optional<std::uint64_t> length,
            deadline until) noexcept {
  const auto wanted = length.value_or((std::numeric_limits<std::uint64_t>::max)());
  const bool waits = detail::waits_for_ever(until);
  detail::many_steps steps{until};
  moved done;
  while (done.size != wanted) {
    if (const auto next = steps.next(); !next) return {done.size, next.error(), side::source};
    const auto most = static_cast<std::size_t>(
        (std::min)(wanted - done.size, std::uint64_t{(std::numeric_limits<int>::max)()}));
    if (state.held() == 0) {
      const auto source = end_of(from);
      const auto taken =
          is_shut(from) ? result<std::size_t>{0u}
                        : got(from, try_until(source, interest::receive, until, [&]() noexcept {
                                return state.take(source, most, waits);
                              }));
      if (!taken) return {done.size, taken.error(), side::source};
      if (*taken == 0 && length) return {done.size, errc::end_of_stream, side::source};
      if (*taken == 0) break;
    }
    const auto sink = end_of(to);
    const auto given = sent(to, try_until(sink, interest::send, until, [&]() noexcept {
                              return state.give(sink, most, waits);
                            }));
    if (!given) return {done.size, given.error(), side::destination};
    done.size += *given;
  }
  return done;
}

}  // namespace

result<relay> relay::create() noexcept {
  auto* const state = new (std::nothrow) detail::relay_state;
  if (state == nullptr) return fail(errc::no_memory);
  relay made{state};
  if (auto ready = state->open(); !ready) return ready.failure();
  return made;
}

moved relay::move(stream_socket& from, stream_socket& to, std::optional<std::uint64_t> length,
                  deadline until) noexcept {
  return carry(*state_, from, to, length, until);
}
moved relay::move(file_handle from, stream_socket& to, std::optional<std::uint64_t> length,
                  deadline until) noexcept {
  return carry(*state_, from, to, length, until);
}
moved relay::move(stream_socket& from, file_handle to, std::optional<std::uint64_t> length,
                  deadline until) noexcept {
  return carry(*state_, from, to, length, until);
}

std::size_t relay::held() const noexcept { return state_->held(); }
bool relay::copies() const noexcept { return state_->copies(); }

}  // namespace portsock
