// SPDX-License-Identifier: MIT
#include <portsock/waker.hpp>

#include <platform/contract.hpp>

namespace portsock {

result<waker> waker::create() noexcept {
  auto opened = platform::open_waker();
  if (!opened) return opened.failure();
  return waker{std::move(opened->wait), std::move(opened->wake)};
}

void waker::wake() const noexcept { platform::wake(wake_.get()); }
bool waker::is_awake() const noexcept {
  const auto ready = platform::wait(wait_.get(), interest::receive, deadline::now());
  return ready && *ready;
}
void waker::clear() const noexcept { platform::clear_waker(wait_.get()); }

result<canceller> canceller::create() noexcept {
  auto made = waker::create();
  if (!made) return made.failure();
  return canceller{std::move(*made)};
}

}  // namespace portsock
