// SPDX-License-Identifier: MIT

// The poller over poll and WSAPoll: the fallback that any system can build. A wait costs what is
// watched, not what is ready; the scalable mechanisms are other files.

#include <algorithm>
#include <array>
#include <new>
#include <vector>

#include <platform/contract.hpp>

#include "native.hpp"
#include "poll.hpp"

namespace portsock::platform {

namespace {

/// Makes room for one more, in steps that leave little of it unused.
template <class T>
void make_room(std::vector<T>& list) {
  if (list.size() == list.capacity()) list.reserve(list.size() + list.size() / 8 + 16);
}

class poll_all final : public poll_set {
 public:
  poll_mechanism mechanism() const noexcept override { return poll_mechanism::poll; }

  // poll knows no edges: it tells more often than trigger::edge asks for.
  result<> add(native_handle s, interest wanted, std::uint64_t token, trigger) override {
    if (find(s) != entries_.size()) return fail(errc::invalid_argument);
    make_room(entries_);
    make_room(tokens_);
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
    forget(at);
    return {};
  }

  result<std::span<const readiness>> wait(deadline until) override {
    for (;;) {
      const auto cancelled = ask(until);
      if (!cancelled) return cancelled.failure();
      const bool forgot = forget_closed();
      if (const auto told = tell(); !told.empty()) return told;
      if (*cancelled) return fail(errc::cancelled);
      if (!forgot) return std::span<const readiness>{};
    }
  }

 private:
  std::size_t find(native_handle s) const noexcept {
    const auto at = std::ranges::find(entries_, descriptor(s), &poll_entry::fd);
    return static_cast<std::size_t>(at - entries_.begin());
  }

  /// Order means nothing, so the last one fills the gap.
  void forget(std::size_t at) noexcept {
    entries_[at] = entries_.back();
    tokens_[at] = tokens_.back();
    entries_.pop_back();
    tokens_.pop_back();
  }

  /// Fills in the answers. True when the wait was cancelled.
  result<bool> ask(deadline until) {
    if (until.cancel_handle() == native_handle::invalid) {
      if (auto outcome = poll(entries_, until); !outcome) return outcome.failure();
      return false;
    }
    make_room(entries_);
    entries_.push_back(entry_for(until.cancel_handle(), interest::receive));
    const auto outcome = poll(entries_, until);
    const bool cancelled = is_ready(entries_.back());
    entries_.pop_back();
    if (!outcome) return outcome.failure();
    return cancelled;
  }

  /// Those that were closed without being removed; nobody can remove them now.
  bool forget_closed() noexcept {
    const auto before = entries_.size();
    for (std::size_t i = before; i-- != 0;)
      if (is_closed(entries_[i])) forget(i);
    return entries_.size() != before;
  }

  /// Begins where the last call ended, so that none waits behind others that are always ready.
  std::span<const readiness> tell() noexcept {
    std::size_t count = 0;
    for (std::size_t left = entries_.size(); left != 0 && count != told_.size(); --left) {
      if (next_ >= entries_.size()) next_ = 0;
      if (is_ready(entries_[next_])) told_[count++] = readiness_of(entries_[next_], tokens_[next_]);
      ++next_;
    }
    return {told_.data(), count};
  }

  std::vector<poll_entry> entries_;
  std::vector<std::uint64_t> tokens_;
  std::size_t next_ = 0;
  std::array<readiness, most_told> told_;
};

}  // namespace

result<owned_poll_set> open_poll() noexcept {
  owned_poll_set set{new (std::nothrow) poll_all};
  if (!set) return fail(errc::no_memory);
  return set;
}

}  // namespace portsock::platform
