// SPDX-License-Identifier: MIT

// Waiting for sockets: one, or many by a poller.

#include <algorithm>
#include <new>
#include <unordered_map>

#include "host_system.hpp"
#include "objects.hpp"

namespace portsock::platform {

using namespace memory;

namespace memory {
namespace {

bool wants(interest wanted, interest part) noexcept {
  return (static_cast<int>(wanted) & static_cast<int>(part)) != 0;
}

bool is_ready(const readiness_state& now, interest wanted) noexcept {
  return now.failed || (wants(wanted, interest::receive) && (now.can_receive || now.ended)) ||
         (wants(wanted, interest::send) && now.can_send);
}

class poller_over_memory final : public poll_set {
 public:
  poll_mechanism mechanism() const noexcept override { return poll_mechanism::poll; }

  // Without edges: it tells more often than trigger::edge asks for.
  result<> add(native_handle s, interest wanted, std::uint64_t token, trigger) override {
    const auto held = enter();
    const auto named = object_of(s);
    if (!named) return named.failure();
    const auto known = find(s);
    if (known != watched_.end()) {
      if (known->serial == (*named)->serial) return fail(errc::invalid_argument);
      watched_.erase(known);  // another socket had the number
    }
    watched_.push_back({s, token, (*named)->serial, wanted});
    return {};
  }
  result<> change(native_handle s, interest wanted, std::uint64_t token, trigger) override {
    const auto held = enter();
    const auto known = find(s);
    if (known == watched_.end()) return fail(errc::invalid_argument);
    known->wanted = wanted;
    known->token = token;
    changed();
    return {};
  }
  result<> remove(native_handle s) override {
    const auto held = enter();
    const auto known = find(s);
    if (known == watched_.end()) return fail(errc::invalid_argument);
    watched_.erase(known);
    return {};
  }

  result<std::span<const readiness>> wait(deadline until) override {
    auto held = enter();
    const auto outcome = wait_until(held, until, [this] { return tell(); });
    if (outcome == ending::cancelled) return fail(errc::cancelled);
    return std::span<const readiness>{told_.data(), count_};
  }

 private:
  struct entry {
    native_handle handle;
    std::uint64_t token;
    std::uint32_t serial;
    interest wanted;
  };

  std::vector<entry>::iterator find(native_handle s) {
    return std::ranges::find(watched_, s, &entry::handle);
  }

  /// Begins where the last call ended, so that none waits behind others that are always ready.
  bool tell() {
    count_ = 0;
    std::erase_if(watched_, [](const entry& each) {
      const auto named = find_object(each.handle);
      return !named || named->serial != each.serial;
    });
    for (std::size_t left = watched_.size(); left != 0 && count_ != told_.size(); --left) {
      if (next_ >= watched_.size()) next_ = 0;
      const auto& each = watched_[next_++];
      const auto now = find_object(each.handle)->state();
      if (!is_ready(now, each.wanted)) continue;
      const bool receives = wants(each.wanted, interest::receive);
      told_[count_++] = {each.token, now.failed || (receives && (now.can_receive || now.ended)),
                         wants(each.wanted, interest::send) && (now.can_send || now.failed),
                         now.failed, now.failed || (receives && now.ended)};
    }
    return count_ != 0;
  }

  std::vector<entry> watched_;
  std::size_t next_ = 0;
  std::size_t count_ = 0;
  std::array<readiness, 256> told_;
};

}  // namespace
}  // namespace memory

result<bool> wait(native_handle s, interest wanted, deadline until) noexcept {
  auto held = enter();
  const auto named = object_of(s);
  if (!named) return named.failure();
  const auto& watched = **named;
  switch (wait_until(held, until, [&] { return is_ready(watched.state(), wanted); })) {
    case ending::ready:
      return true;
    case ending::cancelled:
      return fail(errc::cancelled);
    case ending::timed_out:
      return false;
  }
  return false;
}

std::span<const poll_mechanism> poll_mechanisms() noexcept {
  static constexpr poll_mechanism only[] = {poll_mechanism::poll};
  return only;
}

result<owned_poll_set> open_poll_set(poll_mechanism wanted) noexcept {
  if (wanted != poll_mechanism::poll) return fail(errc::not_supported);
  owned_poll_set set{new (std::nothrow) poller_over_memory};
  if (!set) return fail(errc::no_memory);
  return set;
}

}  // namespace portsock::platform
