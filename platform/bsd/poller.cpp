// SPDX-License-Identifier: MIT

// The poller over poll and WSAPoll: the fallback that any system can build. A wait costs what is
// watched, not what is ready; the scalable mechanisms are other files.

#include <algorithm>
#include <new>
#include <vector>

#include <platform/contract.hpp>

#include "native.hpp"
#include "poll.hpp"

namespace portsock::platform {

namespace {

class poll_all final : public poll_set {
 public:
  poll_mechanism mechanism() const noexcept override { return poll_mechanism::poll; }

  // poll knows no edges: it tells more often than trigger::edge asks for.
  result<> add(native_handle s, interest wanted, std::uint64_t token, trigger) override {
    if (find(s) != entries_.size()) return fail(errc::invalid_argument);
    entries_.push_back(entry_for(s, wanted));
    tokens_.push_back(token);
    return {};
  }

  result<> change(native_handle s, interest wanted, std::uint64_t token, trigger) override {
    const auto at = find(s);
    if (at == entries_.size()) return fail(errc::invalid_argument);
    entries_[at] = entry_for(s, wanted);
    tokens_[at] = token;
    return {};
  }

  result<> remove(native_handle s) override {
    const auto at = find(s);
    if (at == entries_.size()) return fail(errc::invalid_argument);
    // Order means nothing, so the last one fills the gap.
    entries_[at] = entries_.back();
    tokens_[at] = tokens_.back();
    entries_.pop_back();
    tokens_.pop_back();
    return {};
  }

  result<std::span<const readiness>> wait(deadline until) override {
    ready_.clear();
    const bool cancellable = until.cancel_handle() != native_handle::invalid;
    if (cancellable) entries_.push_back(entry_for(until.cancel_handle(), interest::receive));
    const auto outcome = poll(entries_, until);
    const bool cancelled = cancellable && is_ready(entries_.back());
    if (cancellable) entries_.pop_back();
    if (!outcome) return outcome.failure();

    for (std::size_t i = 0; i != entries_.size(); ++i)
      if (is_ready(entries_[i])) ready_.push_back(readiness_of(entries_[i], tokens_[i]));
    if (cancelled && ready_.empty()) return fail(errc::cancelled);
    return std::span<const readiness>{ready_};
  }

 private:
  std::size_t find(native_handle s) const noexcept {
    const auto at = std::ranges::find(entries_, descriptor(s), &poll_entry::fd);
    return static_cast<std::size_t>(at - entries_.begin());
  }

  std::vector<poll_entry> entries_;
  std::vector<std::uint64_t> tokens_;
  std::vector<readiness> ready_;
};

}  // namespace

result<owned_poll_set> open_poll() noexcept {
  owned_poll_set set{new (std::nothrow) poll_all};
  if (!set) return fail(errc::no_memory);
  return set;
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
