// SPDX-License-Identifier: MIT
#include <platform/contract.hpp>
#include <platform/reports.hpp>

#include "constants.hpp"
#include "native.hpp"
#include "system.hpp"

namespace portsock::platform {
namespace {

bool switch_on(native_handle s, DWORD code) noexcept {
  BOOL on = TRUE;
  DWORD written = 0;
  return ::WSAIoctl(descriptor(s), code, &on, sizeof on, nullptr, 0, &written, nullptr, nullptr) ==
         0;
}

}  // namespace

result<> report_unreachable(native_handle s) noexcept {
  // open() has switched both off. Systems without the second one, and Wine without either, report.
  switch_on(s, SIO_UDP_CONNRESET);
  switch_on(s, report_net_reset);
  return {};
}

error explain_report(error reason) noexcept {
  switch (reason.value()) {
    case WSAECONNRESET:  // a port that is closed (Microsoft Learn, recvfrom)
      return {reason.value(), reason.domain(), errc::connection_refused};
    case WSAENETRESET:  // a TTL that ran out
      return {reason.value(), reason.domain(), errc::host_unreachable};
    case WSAENOBUFS:
      return {reason.value(), reason.domain(), errc::would_block};
    default:
      return reason;
  }
}

result<> try_send_reporting(native_handle s, const_bytes datagram) noexcept {
  if (auto ready = ready_at_once(s, interest::send); !ready) return ready.failure();
  if (bare_send(s, datagram.data(), datagram.size()) >= 0) return {};
  return fail(explain_report(last_error()));
}

result<std::size_t> try_receive_reporting(native_handle s, mutable_bytes buffer) noexcept {
  if (auto ready = datagram_at_once(s); !ready) return ready.failure();
  const auto size = bare_receive_datagram(s, buffer.data(), buffer.size());
  if (size < 0) return fail(explain_report(last_error()));
  return static_cast<std::size_t>(size);
}

}  // namespace portsock::platform
