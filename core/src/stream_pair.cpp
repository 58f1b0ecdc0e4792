// SPDX-License-Identifier: MIT
#include <portsock/stream_pair.hpp>

#include <chrono>

#include <portsock/stream_listener.hpp>

#include "waits.hpp"

namespace portsock {
namespace {

/// Whether the two are each other's peer: no third socket can have the same address and port.
bool are_one_connection(const stream_socket& one, const stream_socket& other) noexcept {
  const auto from = one.local_endpoint();
  const auto to = one.peer_endpoint();
  const auto there = other.local_endpoint();
  const auto back = other.peer_endpoint();
  return from && to && there && back && *from == *back && *to == *there;
}

result<stream_pair> over_loopback() noexcept {
  const auto until = deadline::in(std::chrono::seconds{10});
  auto listener = stream_listener::listen({ipv4_address::loopback()});
  if (!listener) return listener.failure();
  const auto where = listener->local_endpoint();
  if (!where) return where.failure();
  auto first = stream_socket::connect(*where, until);
  if (!first) return first.failure();
  for (;;) {
    auto second = listener->accept(until);
    if (!second) return second.failure();
    if (!are_one_connection(*first, *second)) continue;
    // A pair carries messages between threads: none shall wait to be joined by the next.
    for (auto* const end : {&*first, &*second})
      if (auto set = end->set(options::no_delay, true); !set) return set.failure();
    return stream_pair{std::move(*first), std::move(*second)};
  }
}

}  // namespace

result<stream_pair> stream_pair::create() noexcept {
  auto ends = platform::open_stream_pair();
  if (ends)
    return stream_pair{stream_socket{std::move(ends->first)},
                       stream_socket{std::move(ends->second)}};
  if (ends.error() == errc::not_supported) return over_loopback();
  return ends.failure();
}

}  // namespace portsock
