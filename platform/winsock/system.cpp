// SPDX-License-Identifier: MIT
#include "system.hpp"

#include <platform/bsd/poll.hpp>
#include <platform/contract.hpp>

namespace portsock::platform {

result<> start() noexcept {
  static const int outcome = [] {
    WSADATA data;
    const int refused = ::WSAStartup(MAKEWORD(2, 2), &data);
    // Another version is a success, too, with other meanings.
    return refused == 0 && data.wVersion != MAKEWORD(2, 2) ? WSAVERNOTSUPPORTED : refused;
  }();
  if (outcome != 0) return std::unexpected{system_error(outcome)};
  return {};
}

result<WSAPROTOCOL_INFOW> protocol_of(native_handle s) noexcept {
  result<WSAPROTOCOL_INFOW> info{std::in_place};
  int size = sizeof *info;
  if (::getsockopt(descriptor(s), SOL_SOCKET, SO_PROTOCOL_INFOW, reinterpret_cast<char*>(&*info),
                   &size) != 0)
    return std::unexpected{last_error()};
  return info;
}

result<> ready_at_once(native_handle s, interest wanted) noexcept {
  const auto ready = wait(s, wanted, deadline::now());
  if (!ready) return ready.failure();
  if (!*ready) return fail(errc::would_block);
  return {};
}

result<> datagram_at_once(native_handle s) noexcept {
  auto entry = entry_for(s, interest::receive);
  if (auto looked = poll({&entry, 1}, deadline::now()); !looked) return looked.failure();
  // Wine reports an ICMP error by POLLERR, once, and receiving would wait.
  if ((entry.revents & (POLLRDNORM | POLLNVAL)) == 0) return fail(errc::would_block);
  return {};
}

}  // namespace portsock::platform
