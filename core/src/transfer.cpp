// SPDX-License-Identifier: MIT
#include <portsock/transfer.hpp>

#include <algorithm>
#include <array>
#include <limits>

#include "stream_access.hpp"
#include "waits.hpp"

namespace portsock {
namespace {

using detail::stream_access;

constexpr std::uint64_t largest_offset = (std::numeric_limits<std::int64_t>::max)();

/// The trouble is the socket's, or the caller wanted no more. All else may be the file's (which a
/// server somewhere may have), or a kernel that cannot, or a word that sending has a better one
/// for.
bool is_final(error reason) noexcept {
  const bool is_over = reason == errc::timed_out || reason == errc::cancelled;
  return is_disconnect(reason) || (is_over && reason.domain() == error_domain::library);
}

/// One call of the system's. Nothing: it does not do this; reading and sending tells why not.
std::optional<moved> pass(stream_socket& to, file_handle from, std::uint64_t offset,
                          std::uint64_t most, deadline until) noexcept {
  const auto attempt = [&]() noexcept {
    return detail::waits_for_ever(until) ? platform::send_file(to.native(), from, offset, most)
                                         : platform::try_send_file(to.native(), from, offset, most);
  };
  const auto sent = detail::try_until(to.native(), interest::send, until, attempt);
  if (sent) return moved{.size = *sent, .reason = {}};
  if (!is_final(sent.error())) return std::nullopt;
  return moved{0, stream_access::sent(to, sent).error(), side::destination};
}

moved copy(stream_socket& to, file_handle from, std::uint64_t offset, std::uint64_t most,
           deadline until) noexcept {
  std::array<std::byte, 65'536> buffer;
  const auto size = (std::min)(most, std::uint64_t{buffer.size()});
  const auto room = mutable_bytes{buffer}.first(static_cast<std::size_t>(size));
  const auto got = platform::read(from, room, offset);
  if (!got) return {0, got.error(), side::source};
  const auto sent = to.send_all(room.first(*got), until);
  return {sent.size, sent.reason, side::destination};
}

}  // namespace

moved send_file(stream_socket& to, file_handle from, file_range what, deadline until) noexcept {
  // Offsets are signed on every system, and a result has no room for more either.
  if (what.offset.value_or(0) > largest_offset) return {0, errc::invalid_argument, side::source};
  const auto first = what.offset ? result<std::uint64_t>{*what.offset} : platform::position(from);
  if (!first && first.error() == errc::not_supported) {
    auto through = relay::create();
    if (!through) return {0, through.error(), side::source};
    return through->move(from, to, what.length, until);
  }
  if (!first) return {0, first.error(), side::source};

  moved done;
  detail::many_steps steps{until};
  const auto length = (std::min)(what.length.value_or(largest_offset), largest_offset - *first);
  for (bool passes = true; done.size != length && !done.reason;) {
    const auto offset = *first + done.size;
    const auto most = length - done.size;
    if (const auto next = steps.next(); !next) {
      done = {done.size, next.error(), side::destination};
      break;
    }
    std::optional<moved> step;
    if (passes) step = pass(to, from, offset, most, until);
    passes = step.has_value();
    if (!step) step = copy(to, from, offset, most, until);
    const auto before = done.size;
    done = {before + step->size, step->reason, step->at};
    if (step->size == 0 && !step->reason) {  // the file ends here
      if (what.length) done = {before, errc::end_of_stream, side::source};
      break;
    }
  }
  if (!what.offset) platform::set_position(from, *first + done.size);
  return done;
}

moved receive_file(stream_socket& from, file_handle to, std::optional<std::uint64_t> length,
                   deadline until) noexcept {
  auto through = relay::create();
  if (!through) return {0, through.error(), side::destination};
  return through->move(from, to, length, until);
}

}  // namespace portsock
