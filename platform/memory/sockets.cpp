// SPDX-License-Identifier: MIT

// What is the same for all sockets: opening, binding, names, modes.

#include <algorithm>

#include "options.hpp"
#include "ports.hpp"

namespace portsock::platform {

using namespace memory;

namespace memory {

socket_object::socket_object(family wanted, kind what, std::uint8_t number)
    : home{host_here()}, of{wanted}, is{what}, protocol{number}, local{any(wanted), 0} {
  set_defaults(*this);
}

}  // namespace memory

result<unique_handle> open(family of, kind is, std::uint8_t ip_protocol) noexcept {
  const auto held = enter();
  switch (is) {
    case kind::stream:
      return new_handle(std::make_shared<stream>(of, is, tcp));
    case kind::listener:
      return new_handle(std::make_shared<listener>(of, is, tcp));
    case kind::datagram:
      return new_handle(std::make_shared<packet_socket>(of, is, udp));
    case kind::raw: {
      if (ip_protocol == 0) return refuse(errc::protocol_not_supported);
      const auto made = std::make_shared<packet_socket>(of, is, ip_protocol);
      auto handle = new_handle(made);
      if (handle) add_raw(*made);
      return handle;
    }
    default:
      return refuse(errc::not_supported);
  }
}

result<unique_handle> open_icmp_datagram(family of) noexcept {
  const auto held = enter();
  const auto made = std::make_shared<packet_socket>(of, kind::datagram, icmp_of(of));
  made->is_icmp_datagram = true;
  auto handle = new_handle(made);
  if (handle) add_raw(*made);
  return handle;
}

result<> prepare_adopted(native_handle s) noexcept {
  const auto held = enter();
  const auto socket = socket_of(s);
  if (!socket) return socket.failure();
  inheritance_of(s) = false;
  (*socket)->blocking = true;
  return {};
}

result<socket_facts> inspect(native_handle s) noexcept {
  const auto held = enter();
  const auto socket = socket_of(s);
  if (!socket) return socket.failure();
  if (is_local((*socket)->is)) return refuse(errc::family_not_supported);
  const auto* listens = dynamic_cast<const listener*>(socket->get());
  const auto is = listens != nullptr && !listens->listens ? kind::stream : (*socket)->is;
  return socket_facts{(*socket)->of, is};
}

result<> bind(native_handle s, const endpoint& local, kind, bind_policy policy) noexcept {
  const auto held = enter();
  const auto socket = socket_of(s);
  if (!socket) return socket.failure();
  auto& bound = **socket;
  if (policy == bind_policy::shared && bound.is != kind::datagram)
    return refuse(errc::not_supported);
  if (family_of(local.address) != bound.of) return refuse(errc::family_not_supported);
  bound.policy = policy;
  if (const auto* packets = dynamic_cast<packet_socket*>(&bound);
      packets != nullptr && !packets->has_port()) {
    if (!is_unspecified(local.address) && !has_address(bound.home, local.address))
      return refuse(errc::address_not_available);
    bound.local.address = local.address;
    return {};
  }
  return take_port(bound, local);
}

result<> make_dual_stack(native_handle s) noexcept {
  const auto held = enter();
  const auto socket = socket_of(s);
  if (!socket) return socket.failure();
  (**socket)[option_id::v6_only] = 0;
  return {};
}

result<endpoint> confine(native_handle s, const endpoint& wildcard,
                         std::uint32_t interface_index) noexcept {
  const auto held = enter();
  const auto socket = socket_of(s);
  if (!socket) return socket.failure();
  if (interface_of((*socket)->home, interface_index) == nullptr)
    return refuse(errc::address_not_available);
  (**socket)[option_id::outgoing_interface] = interface_index;
  return wildcard;
}

void expect_local_peer(native_handle) noexcept {
  // A refusal comes as soon as the path has it.
}

std::optional<error> take_error(native_handle s) noexcept {
  const auto held = enter();
  const auto socket = socket_of(s);
  if (!socket) return socket.error();
  return std::exchange((*socket)->pending, std::nullopt);
}

error explain_failure(native_handle, error reason) noexcept { return reason; }

result<endpoint> local_endpoint(native_handle s) noexcept {
  const auto held = enter();
  const auto socket = socket_of(s);
  if (!socket) return socket.failure();
  if (is_local((*socket)->is)) return refuse(errc::family_not_supported);
  return (*socket)->local;
}

result<endpoint> peer_endpoint(native_handle s) noexcept {
  const auto held = enter();
  const auto socket = socket_of(s);
  if (!socket) return socket.failure();
  if (is_local((*socket)->is)) return refuse(errc::family_not_supported);
  const auto* connection = dynamic_cast<const stream*>(socket->get());
  const bool is_over = connection != nullptr && connection->now != stream::phase::open;
  if (is_over || !(*socket)->peer) return refuse(errc::not_connected);
  return *(*socket)->peer;
}

result<> set_blocking(native_handle s, bool blocking) noexcept {
  const auto held = enter();
  const auto named = object_of(s);
  if (!named) return named.failure();
  (*named)->blocking = blocking;
  return {};
}

// --- two owners

result<unique_handle> duplicate(native_handle s) noexcept {
  const auto held = enter();
  const auto socket = socket_of(s);
  if (!socket) return socket.failure();
  return new_handle(*socket);
}

// This process alone is on the network, so there is no child to pass a socket to.
result<unique_handle> duplicate_for_child(native_handle s) noexcept { return duplicate(s); }
result<std::string> ticket_for(native_handle, std::uint32_t) { return fail(errc::not_supported); }
result<unique_handle> redeem(std::string_view) noexcept { return fail(errc::invalid_argument); }

}  // namespace portsock::platform
