// SPDX-License-Identifier: MIT

// Which mechanisms these systems have.

#include <array>

#include <platform/bsd/poll.hpp>
#include <platform/contract.hpp>

#include "poller_kqueue.hpp"

namespace portsock::platform {

std::span<const poll_mechanism> poll_mechanisms() noexcept {
  static constexpr std::array all = {poll_mechanism::kqueue, poll_mechanism::poll};
  return all;
}

result<owned_poll_set> open_poll_set(poll_mechanism wanted) noexcept {
  switch (wanted) {
    case poll_mechanism::kqueue:
      return open_kqueue();
    case poll_mechanism::poll:
      return open_poll();
    default:
      return fail(errc::not_supported);
  }
}

}  // namespace portsock::platform
