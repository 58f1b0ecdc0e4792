// SPDX-License-Identifier: MIT
#include <portsock/datagram_receiver.hpp>

#include <algorithm>

#include <portsock/interfaces.hpp>

#include "waits.hpp"

namespace portsock {

result<datagram_receiver> datagram_receiver::bind(family of, std::uint16_t port,
                                                  std::uint32_t interface_index,
                                                  bind_policy policy) noexcept {
  if (interface_index == 0) return fail(errc::invalid_argument);
  const endpoint wildcard{any(of), port};
  auto filtered =
      datagram_socket::bind(wildcard, {.policy = policy, .interface_index = interface_index});
  if (filtered) return datagram_receiver{std::move(*filtered), interface_index, false};
  if (!(filtered.error() == errc::not_supported || filtered.error() == errc::access_denied))
    return filtered.failure();
  // A system that cannot filter has not looked for the interface either.
  if (const auto all = interfaces(); !all)
    return all.failure();
  else if (std::ranges::find(*all, interface_index, &network_interface::index) == all->end())
    return fail(errc::address_not_available);
  auto unfiltered = datagram_socket::bind(wildcard, {.policy = policy});
  if (!unfiltered) return unfiltered.failure();
  return over(std::move(*unfiltered), interface_index);
}

result<datagram_receiver> datagram_receiver::over(datagram_socket socket,
                                                  std::uint32_t interface_index) noexcept {
  const auto at = socket.local_endpoint();
  if (!at) return at.failure();
  if (interface_index == 0 || !is_unspecified(at->address)) return fail(errc::invalid_argument);
  const auto told = socket.report({.destination = true});
  if (!told) return told.failure();
  if (!told->destination) return fail(errc::not_supported);
  return datagram_receiver{std::move(socket), interface_index, true};
}

result<received> datagram_receiver::receive_from(mutable_bytes buffer) noexcept {
  if (!drops_) return datagram_socket::receive_from(buffer);
  for (;;) {
    const auto got = receive_in_detail(buffer);
    if (!got) return got.failure();
    if (!is_for_others(*got)) return static_cast<const received&>(*got);
  }
}

result<received> datagram_receiver::receive_from(mutable_bytes buffer, deadline until) noexcept {
  if (!drops_) return datagram_socket::receive_from(buffer, until);
  for (detail::many_steps steps{until};;) {
    const auto got = receive_in_detail(buffer, until);
    if (!got) return got.failure();
    if (!is_for_others(*got)) return static_cast<const received&>(*got);
    if (auto more = steps.next(); !more) return more.failure();
  }
}

}  // namespace portsock
