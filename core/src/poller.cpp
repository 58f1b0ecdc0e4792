// SPDX-License-Identifier: MIT
#include <portsock/poller.hpp>

#include <platform/contract.hpp>

namespace portsock {

result<poller> poller::create() noexcept {
  auto opened = platform::open_poll_set();
  if (!opened) return opened.failure();
  return poller{std::move(*opened)};
}

result<> poller::add(native_handle s, interest wanted, std::uint64_t token) {
  return platform::add(*set_, s, wanted, token);
}
result<> poller::change(native_handle s, interest wanted, std::uint64_t token) {
  return platform::change(*set_, s, wanted, token);
}
result<> poller::remove(native_handle s) { return platform::remove(*set_, s); }

result<std::span<const readiness>> poller::wait(deadline until) {
  return platform::wait(*set_, until);
}

}  // namespace portsock
