// SPDX-License-Identifier: MIT

// Which mechanisms this system has.

#include <array>

#include <platform/bsd/poll.hpp>
#include <platform/contract.hpp>

#include "poller_afd.hpp"

namespace portsock::platform {

std::span<const poll_mechanism> poll_mechanisms() noexcept {
  static constexpr std::array all = {poll_mechanism::afd, poll_mechanism::poll};
  return all;
}

result<owned_poll_set> open_poll_set(poll_mechanism wanted) noexcept {
  switch (wanted) {
    case poll_mechanism::afd:
      return open_afd();
    case poll_mechanism::poll:
      return open_poll();
    default:
      return fail(errc::not_supported);
  }
}

}  // namespace portsock::platform
