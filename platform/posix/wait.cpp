// SPDX-License-Identifier: MIT

// poll, in the library's words.

#include <platform/bsd/poll.hpp>

#include "native.hpp"
#include "system.hpp"

namespace portsock::platform {

poll_entry entry_for(native_handle s, interest wanted) noexcept {
  const auto wants = [wanted](interest part) {
    return (static_cast<int>(wanted) & static_cast<int>(part)) != 0;
  };
  const int events = (wants(interest::receive) ? POLLIN | poll_end_of_stream : 0) |
                     (wants(interest::send) ? POLLOUT : 0);
  return {descriptor(s), static_cast<short>(events), 0};
}

result<> poll(std::span<poll_entry> entries, deadline until) noexcept {
  // A signal ends any wait; what is left of the time is what the next one waits for.
  while (poll_for(entries, until.remaining()) < 0)
    if (errno != EINTR) return std::unexpected{last_error()};
  return {};
}

readiness readiness_of(const poll_entry& entry, std::uint64_t token) noexcept {
  // A hang-up is read as the end of the stream; a connect that failed shows all four of them.
  const bool failed = (entry.revents & (POLLERR | POLLNVAL)) != 0;
  const bool over = failed || (entry.revents & POLLHUP) != 0;
  const bool ended = over || (entry.revents & poll_end_of_stream) != 0;
  const auto asked = [&entry, over](int what) {
    return (entry.revents & what) != 0 || (over && (entry.events & what) != 0);
  };
  return {token, asked(POLLIN) || ended, asked(POLLOUT), failed, ended};
}

}  // namespace portsock::platform
