// SPDX-License-Identifier: MIT
#include "system.hpp"

#include <ctime>

namespace portsock::platform {
namespace {

int enable(int s, int name) noexcept {
  const int on = 1;
  return ::setsockopt(s, SOL_SOCKET, name, &on, sizeof on);
}

}  // namespace

int share_port(int s) noexcept {
  return enable(s, SO_REUSEADDR) != 0 ? -1 : enable(s, SO_REUSEPORT);
}
int balance_port(int s) noexcept { return enable(s, SO_REUSEPORT_LB); }

int poll_for(std::span<pollfd> entries, deadline::clock::duration left) noexcept {
  using namespace std::chrono;
  const auto count = static_cast<nfds_t>(entries.size());
  if (left == deadline::clock::duration::max())
    return ::ppoll(entries.data(), count, nullptr, nullptr);
  const auto whole = duration_cast<seconds>(left);
  const timespec timeout{static_cast<std::time_t>(whole.count()),
                         static_cast<long>(nanoseconds{left - whole}.count())};
  return ::ppoll(entries.data(), count, &timeout, nullptr);
}

}  // namespace portsock::platform
