// SPDX-License-Identifier: MIT
#pragma once

// What the calls that take details share.

#include <portsock/datagram_details.hpp>
#include <portsock/error.hpp>

#include <platform/contract.hpp>

namespace portsock::detail {

/// errc::invalid_argument for a number that is out of its range.
inline result<> check(const send_details& how) noexcept {
  if (how.hop_limit && (*how.hop_limit < 1 || *how.hop_limit > 255))
    return fail(errc::invalid_argument);
  if (how.traffic_class && (*how.traffic_class < 0 || *how.traffic_class > 255))
    return fail(errc::invalid_argument);
  return {};
}

/// Sends, and says of a source that this host has not that this is what was wrong with it: systems
/// call that invalid, or a network that cannot be reached, which other mistakes are too.
inline result<> send_detailed(native_handle s, const_bytes datagram, const native_endpoint* peer,
                              const send_details& how, platform::patience waits) noexcept {
  const auto sent = platform::send_detailed(s, datagram, peer, how, waits);
  if (sent || !how.source) return sent;
  const auto reason = sent.error();
  if (!(reason == errc::invalid_argument || reason == errc::network_unreachable)) return sent;
  const auto trial = platform::open(family_of(*how.source), kind::datagram);
  if (!trial) return sent;
  const auto bound =
      platform::bind(trial->get(), {*how.source, 0}, kind::datagram, bind_policy::exclusive);
  if (bound || !(bound.error() == errc::address_not_available)) return sent;
  return fail({reason.value(), reason.domain(), errc::address_not_available});
}

}  // namespace portsock::detail
