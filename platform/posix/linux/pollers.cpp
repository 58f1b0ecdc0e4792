// SPDX-License-Identifier: MIT

// Which mechanisms this system has.

#include "pollers.hpp"

#include <array>

#include <platform/bsd/poll.hpp>
#include <platform/contract.hpp>

namespace portsock::platform {

std::span<const poll_mechanism> poll_mechanisms() noexcept {
  static constexpr std::array all = {poll_mechanism::epoll, poll_mechanism::io_uring,
                                     poll_mechanism::poll};
  return all;
}

result<owned_poll_set> open_poll_set(poll_mechanism wanted) noexcept {
  if (wanted == poll_mechanism::epoll) return open_epoll();
  if (wanted == poll_mechanism::io_uring) return open_io_uring();
  if (wanted == poll_mechanism::poll) return open_poll();
  return fail(errc::not_supported);
}

}  // namespace portsock::platform
