// SPDX-License-Identifier: MIT

// Two datagram sockets, each the other's only peer: what WSAPoll can wait for is sockets alone.

#include <platform/contract.hpp>

#include "native.hpp"

namespace portsock::platform {
namespace {

result<unique_handle> open_end() noexcept {
  auto end = open(family::v4, kind::datagram);
  if (!end) return end.failure();
  auto bound = bind(end->get(), {ipv4_address::loopback()}, kind::datagram, bind_policy::exclusive);
  if (!bound) return bound.failure();
  if (auto set = set_blocking(end->get(), false); !set) return set.failure();
  return end;
}

result<> join_ends(native_handle from, native_handle to) noexcept {
  const auto peer = local_endpoint(to);
  if (!peer) return peer.failure();
  if (auto connected = connect(from, *peer); !connected) return connected.failure();
  const auto reached = peer_endpoint(from);
  if (!reached) return reached.failure();
  if (*reached != *peer) return fail(errc::connection_refused);
  return {};
}

}  // namespace

result<waker_handles> open_waker() noexcept {
  auto wait = open_end();
  if (!wait) return wait.failure();
  auto wake = open_end();
  if (!wake) return wake.failure();
  if (auto joined = join_ends(wake->get(), wait->get()); !joined) return joined.failure();
  if (auto joined = join_ends(wait->get(), wake->get()); !joined) return joined.failure();
  clear_waker(wait->get());  // what a stranger sent before there was a peer
  return waker_handles{std::move(*wait), std::move(*wake)};
}

void wake(native_handle end) noexcept {
  const auto before = ::GetLastError();
  const char byte = 0;
  // If there is no room, it has been woken often enough, so the outcome does not matter.
  ::send(descriptor(end), &byte, 1, 0);
  ::SetLastError(before);
}

void clear_waker(native_handle end) noexcept {
  char byte;
  while (::recv(descriptor(end), &byte, 1, 0) >= 0 || ::WSAGetLastError() == WSAEMSGSIZE) {
  }
}

}  // namespace portsock::platform
