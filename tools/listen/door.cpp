// SPDX-License-Identifier: MIT
#include <tools/listen/open_ports.hpp>

namespace portsock::tools {
namespace {

/// A client of a local socket has a name only if it bound one.
place place_of(const local_stream& client) {
  const auto address = client.peer_address();
  const auto whose = client.peer_credentials();
  return place{address ? *address : local_address{}, whose ? whose->process.value_or(0) : 0};
}

}  // namespace

carrier door::over() const noexcept {
  constexpr carrier kinds[] = {carrier::tcp, carrier::udp, carrier::local_stream,
                               carrier::local_datagrams};
  return kinds[socket_.index()];
}

native_handle door::native() const noexcept {
  return std::visit([](const auto& socket) { return socket.native(); }, socket_);
}

result<std::pair<stream_socket, place>> door::accept() {
  if (auto* local = std::get_if<local_listener>(&socket_)) {
    auto accepted = local->accept();
    if (!accepted) return accepted.failure();
    auto who = place_of(*accepted);
    return std::pair<stream_socket, place>{*std::move(accepted), std::move(who)};
  }
  auto accepted = std::get<stream_listener>(socket_).accept();
  if (!accepted) return accepted.failure();
  // A peer can be gone by now, which the first receive tells.
  const auto peer = accepted->peer_endpoint();
  return std::pair{*std::move(accepted), place{peer ? *peer : endpoint{}}};
}

result<heard> door::receive(mutable_bytes buffer) {
  if (auto* local = std::get_if<local_datagram_socket>(&socket_)) {
    const auto got = local->receive_from(buffer);
    if (!got) return got.failure();
    return heard{place{got->from}, got->size, got->truncated};
  }
  const auto got = std::get<datagram_socket>(socket_).receive_from(buffer);
  if (!got) return got.failure();
  return heard{place{got->from.to_endpoint()}, got->size, got->truncated};
}

result<> door::send_to(const_bytes datagram, const place& peer, deadline until) {
  if (!peer.has_address()) return fail(errc::address_not_available);
  if (auto* local = std::get_if<local_datagram_socket>(&socket_))
    return local->send_to(datagram, *peer.local);
  return std::get<datagram_socket>(socket_).send_to(datagram, peer.network, until);
}

void door::close() noexcept {
  if (auto* listener = std::get_if<stream_listener>(&socket_)) {
    const auto closed = std::move(*listener);
  } else if (auto* local = std::get_if<local_listener>(&socket_)) {
    const auto closed = std::move(*local);
  }
}

}  // namespace portsock::tools
