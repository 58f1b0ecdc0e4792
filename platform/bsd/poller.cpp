// SPDX-License-Identifier: MIT

// The poller over poll and WSAPoll: the fallback that any system can build. A wait costs what is
// watched, not what is ready; the scalable mechanisms are other files.

#include <algorithm>
#include <vector>

#include <platform/contract.hpp>

#include "native.hpp"
#include "poll.hpp"

namespace portsock::platform {

class poll_set {
 public:
  std::vector<poll_entry> entries;
  std::vector<std::uint64_t> tokens;
  std::vector<readiness> ready;

  std::size_t find(native_handle s) const noexcept {
    const auto at = std::ranges::find(entries, descriptor(s), &poll_entry::fd);
    return static_cast<std::size_t>(at - entries.begin());
  }
};

void poll_set_deleter::operator()(poll_set* set) const noexcept { delete set; }

result<std::unique_ptr<poll_set, poll_set_deleter>> open_poll_set() noexcept {
  std::unique_ptr<poll_set, poll_set_deleter> set{new (std::nothrow) poll_set};
  if (!set) return fail(errc::no_memory);
  return set;
}

result<> add(poll_set& set, native_handle s, interest wanted, std::uint64_t token) {
  if (set.find(s) != set.entries.size()) return fail(errc::invalid_argument);
  set.entries.push_back(entry_for(s, wanted));
  set.tokens.push_back(token);
  return {};
}

result<> change(poll_set& set, native_handle s, interest wanted, std::uint64_t token) {
  const auto at = set.find(s);
  if (at == set.entries.size()) return fail(errc::invalid_argument);
  set.entries[at] = entry_for(s, wanted);
  set.tokens[at] = token;
  return {};
}

result<> remove(poll_set& set, native_handle s) {
  const auto at = set.find(s);
  if (at == set.entries.size()) return fail(errc::invalid_argument);
  // Order means nothing, so the last one fills the gap.
  set.entries[at] = set.entries.back();
  set.tokens[at] = set.tokens.back();
  set.entries.pop_back();
  set.tokens.pop_back();
  return {};
}

result<std::span<const readiness>> wait(poll_set& set, deadline until) {
  set.ready.clear();
  const bool cancellable = until.cancel_handle() != native_handle::invalid;
  if (cancellable) set.entries.push_back(entry_for(until.cancel_handle(), interest::receive));
  const auto outcome = poll(set.entries, until);
  const bool cancelled = cancellable && is_ready(set.entries.back());
  if (cancellable) set.entries.pop_back();
  if (!outcome) return outcome.failure();

  for (std::size_t i = 0; i != set.entries.size(); ++i)
    if (is_ready(set.entries[i])) set.ready.push_back(readiness_of(set.entries[i], set.tokens[i]));
  if (cancelled && set.ready.empty()) return fail(errc::cancelled);
  return std::span<const readiness>{set.ready};
}

result<bool> wait(native_handle s, interest wanted, deadline until) noexcept {
  poll_entry entries[] = {entry_for(s, wanted),
                          entry_for(until.cancel_handle(), interest::receive)};
  const bool cancellable = until.cancel_handle() != native_handle::invalid;
  const auto outcome = poll({entries, cancellable ? 2u : 1u}, until);
  if (!outcome) return outcome.failure();
  if (is_ready(entries[0])) return true;
  if (cancellable && is_ready(entries[1])) return fail(errc::cancelled);
  return false;
}

}  // namespace portsock::platform
