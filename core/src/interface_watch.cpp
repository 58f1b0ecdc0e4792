// SPDX-License-Identifier: MIT
#include <portsock/interface_watch.hpp>

#include <platform/interface_events.hpp>

namespace portsock {

void platform::interface_events_deleter::operator()(interface_events* events) const noexcept {
  delete events;
}

result<interface_watch> interface_watch::open() noexcept {
  auto opened = platform::open_interface_events();
  if (!opened) return opened.failure();
  return interface_watch{std::move(*opened)};
}

bool interface_watch::changed() noexcept { return events_->take(); }

native_handle interface_watch::native() const noexcept { return events_->native(); }

}  // namespace portsock
