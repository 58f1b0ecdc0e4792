// SPDX-License-Identifier: MIT

// Of which the IP helper tells on threads of its own; they wake the one that waits.

#include <new>

#include <platform/contract.hpp>
#include <platform/interface_events.hpp>

#include "native.hpp"
#include "system.hpp"

// Wants what the headers above include first.
#include <iphlpapi.h>

namespace portsock::platform {
namespace {

class notifications final : public interface_events {
 public:
  explicit notifications(waker_handles waker) noexcept : waker_{std::move(waker)} {}
  ~notifications() override {
    // Waits until no call is under way (Microsoft Learn, CancelMibChangeNotify2).
    for (const HANDLE one : {of_interfaces_, of_addresses_})
      if (one != nullptr) ::CancelMibChangeNotify2(one);
  }

  result<> begin() noexcept {
    auto told = ::NotifyIpInterfaceChange(AF_UNSPEC, on_interface, this, FALSE, &of_interfaces_);
    if (told == NO_ERROR)
      told = ::NotifyUnicastIpAddressChange(AF_UNSPEC, on_address, this, FALSE, &of_addresses_);
    if (told != NO_ERROR) return std::unexpected{system_error(static_cast<int>(told))};
    return {};
  }

  native_handle native() const noexcept override { return waker_.wait.get(); }

  bool take() noexcept override {
    const auto woken = wait(native(), interest::receive, deadline::now());
    if (!woken || !*woken) return false;
    clear_waker(native());
    return true;
  }

 private:
  static void WINAPI on_interface(void* self, MIB_IPINTERFACE_ROW*,
                                  MIB_NOTIFICATION_TYPE) noexcept {
    wake(static_cast<notifications*>(self)->waker_.wake.get());
  }
  static void WINAPI on_address(void* self, MIB_UNICASTIPADDRESS_ROW*,
                                MIB_NOTIFICATION_TYPE) noexcept {
    wake(static_cast<notifications*>(self)->waker_.wake.get());
  }

  waker_handles waker_;
  HANDLE of_interfaces_ = nullptr;
  HANDLE of_addresses_ = nullptr;
};

}  // namespace

result<std::unique_ptr<interface_events, interface_events_deleter>>
open_interface_events() noexcept {
  auto waker = open_waker();
  if (!waker) return waker.failure();
  auto* const made = new (std::nothrow) notifications{std::move(*waker)};
  std::unique_ptr<interface_events, interface_events_deleter> owned{made};
  if (!made) return fail(errc::no_memory);
  if (auto begun = made->begin(); !begun) return begun.failure();
  return owned;
}

}  // namespace portsock::platform
