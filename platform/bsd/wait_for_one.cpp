// SPDX-License-Identifier: MIT

// Not beside the poller, whose containers a program that waits for one socket has no need of.

#include <platform/contract.hpp>

#include "native.hpp"
#include "poll.hpp"

namespace portsock::platform {

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
