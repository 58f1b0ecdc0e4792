// SPDX-License-Identifier: MIT

// Hearing of it when a host's addresses change.

#include <algorithm>
#include <new>

#include <platform/interface_events.hpp>

#include "objects.hpp"

namespace portsock::platform {

using namespace memory;

namespace memory {
namespace {

class watch;
std::vector<watch*>& all_watches() noexcept {
  static auto& made = *new std::vector<watch*>;
  return made;
}

class watch final : public interface_events {
 public:
  explicit watch(waker_handles handles) : home_{host_here()}, handles_{std::move(handles)} {
    all_watches().push_back(this);
  }
  ~watch() override {
    const auto held = enter();
    std::erase(all_watches(), this);
  }
  native_handle native() const noexcept override { return handles_.wait.get(); }
  bool take() noexcept override {
    const auto held = enter();
    return find_waker(native())->awake.exchange(false);
  }
  void tell(std::size_t host) {
    if (host != home_) return;
    find_waker(native())->awake = true;
    changed();
  }

 private:
  std::size_t home_;
  waker_handles handles_;
};

}  // namespace

void tell_watches(std::size_t host) {
  for (auto* each : all_watches()) each->tell(host);
}

}  // namespace memory

result<std::unique_ptr<interface_events, interface_events_deleter>>
open_interface_events() noexcept {
  auto handles = open_waker();
  if (!handles) return handles.failure();
  const auto held = enter();
  return std::unique_ptr<interface_events, interface_events_deleter>{
      new watch{std::move(*handles)}};
}

}  // namespace portsock::platform
