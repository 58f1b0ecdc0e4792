// SPDX-License-Identifier: MIT
#include <portsock/poller.hpp>

#include <chrono>

#include <platform/contract.hpp>

namespace portsock {

void platform::poll_set_deleter::operator()(poll_set* set) const noexcept { delete set; }

result<poller> poller::create() noexcept {
  for (const auto mechanism : mechanisms()) {
    auto opened = platform::open_poll_set(mechanism);
    if (opened) return poller{std::move(*opened)};
    if (opened.error() != errc::not_supported) return opened.failure();
  }
  return fail(errc::not_supported);
}

result<poller> poller::create(poll_mechanism wanted) noexcept {
  auto opened = platform::open_poll_set(wanted);
  if (!opened && opened.error() == errc::not_supported) return create();
  if (!opened) return opened.failure();
  return poller{std::move(*opened)};
}

std::span<const poll_mechanism> poller::mechanisms() noexcept {
  return platform::poll_mechanisms();
}
poll_mechanism poller::mechanism() const noexcept { return set_->mechanism(); }

result<> poller::add(native_handle s, interest wanted, std::uint64_t token, trigger when) {
  return set_->add(s, wanted, token, when);
}
result<> poller::change(native_handle s, interest wanted, std::uint64_t token, trigger when) {
  return set_->change(s, wanted, token, when);
}
result<> poller::remove(native_handle s) { return set_->remove(s); }

result<std::span<const readiness>> poller::wait(deadline until) {
  if (spin_ > spin_.zero()) [[unlikely]]
    return spin_and_wait(until);
  return set_->wait(until);
}

result<std::span<const readiness>> poller::spin_and_wait(deadline until) {
  // What it costs is real time, also where deadline::clock moves only for those who sleep.
  using std::chrono::steady_clock;
  const auto began = steady_clock::now();
  while (steady_clock::now() - began < spin_ && !until.has_passed()) {
    auto found = set_->wait(until.sooner(deadline::now().moment()));
    if (!found || !found->empty()) return found;
  }
  return set_->wait(until);
}

}  // namespace portsock
