// SPDX-License-Identifier: MIT
#include <portsock/datagram_socket.hpp>

#include <algorithm>

#include "waits.hpp"

namespace portsock {
namespace {

using detail::only;

result<platform::membership> checked_membership(family socket, const ip_address& group,
                                                std::optional<ip_address> source,
                                                std::uint32_t interface_index) noexcept {
  if (!is_multicast(group) || family_of(group) != socket ||
      (source && family_of(*source) != socket))
    return fail(errc::invalid_argument);
  return platform::membership{group, source, interface_index};
}

}  // namespace

datagram_socket::datagram_socket(unique_handle handle) noexcept
    : basic_socket{std::move(handle)}, family_{family::v4} {
  if (const auto facts = platform::inspect(native())) family_ = facts->of;
}

result<datagram_socket> datagram_socket::bind(const endpoint& local, bind_options wanted) noexcept {
  auto handle = platform::open(family_of(local.address), kind::datagram);
  if (!handle) return handle.failure();
  if (wanted.dual_stack)
    if (auto made = platform::make_dual_stack(handle->get()); !made) return made.failure();
  auto at = local;
  if (wanted.interface_index != 0) {
    if (!is_unspecified(local.address)) return fail(errc::invalid_argument);
    const auto there = platform::confine(handle->get(), local, wanted.interface_index);
    if (!there) return there.failure();
    at = *there;
  }
  if (auto bound = platform::bind(handle->get(), at, kind::datagram, wanted.policy); !bound)
    return bound.failure();
  return datagram_socket{std::move(*handle)};
}

result<datagram_socket> datagram_socket::adopt(native_handle handle) noexcept {
  if (auto adopted = detail::adopt(handle, kind::datagram); !adopted) return adopted.failure();
  if (platform::peer_endpoint(handle)) return fail(errc::already_connected);
  return datagram_socket{unique_handle{handle}};
}

/// A dual-stack socket reaches an IPv4 peer by its mapped address (RFC 3493, 3.7).
result<native_endpoint> datagram_socket::destination(const endpoint& peer) const noexcept {
  auto to = detail::destination(peer);
  if (!to) return to.failure();
  if (const auto* v4 = std::get_if<ipv4_address>(&to->address); v4 && family_ == family::v6)
    to->address = mapped(*v4);
  return native_endpoint{*to};
}

result<> datagram_socket::send_again(const_bytes datagram, const native_endpoint& peer) noexcept {
  if (platform::would_have_blocked()) return fail(platform::would_block);
  return platform::send_to(native(), only(datagram), peer);
}

void datagram_socket::receive_again(mutable_bytes buffer, std::int64_t size,
                                    result<received>& got) noexcept {
  if (size >= 0) {
    got->size = buffer.size();
    got->truncated = true;
    return;
  }
  if (!buffer.empty() && platform::would_have_blocked())
    got = fail(platform::would_block);
  else
    got = platform::receive_from(native(), only(buffer));
}

result<> datagram_socket::send_to(const_bytes datagram, const endpoint& peer) noexcept {
  const auto to = destination(peer);
  if (!to) return to.failure();
  return send_to(datagram, *to);
}

result<> datagram_socket::send_to(const_bytes datagram, const endpoint& peer,
                                  deadline until) noexcept {
  return send_to(only(datagram), peer, until);
}

result<> datagram_socket::send_to(std::span<const const_bytes> datagram, const endpoint& peer,
                                  deadline until) noexcept {
  const auto to = destination(peer);
  if (!to) return to.failure();
  return detail::try_until(native(), interest::send, until, [&]() noexcept {
    return platform::try_send_to(native(), datagram, *to);
  });
}

result<> datagram_socket::send_to(std::span<const const_bytes> datagram,
                                  const endpoint& peer) noexcept {
  const auto to = destination(peer);
  if (!to) return to.failure();
  return platform::send_to(native(), datagram, *to);
}

result<received> datagram_socket::receive_from(mutable_bytes buffer, deadline until) noexcept {
  return receive_from(only(buffer), until);
}

result<received> datagram_socket::receive_from(std::span<const mutable_bytes> buffers,
                                               deadline until) noexcept {
  return detail::try_until(native(), interest::receive, until, [&]() noexcept {
    return platform::try_receive_from(native(), buffers);
  });
}

result<> datagram_socket::join(const ip_address& group, std::uint32_t interface_index) noexcept {
  const auto wanted = checked_membership(family_, group, std::nullopt, interface_index);
  if (!wanted) return wanted.failure();
  return platform::join(native(), *wanted);
}

result<> datagram_socket::leave(const ip_address& group, std::uint32_t interface_index) noexcept {
  const auto wanted = checked_membership(family_, group, std::nullopt, interface_index);
  if (!wanted) return wanted.failure();
  return platform::leave(native(), *wanted);
}

result<> datagram_socket::join(const ip_address& group, const ip_address& source,
                               std::uint32_t interface_index) noexcept {
  const auto wanted = checked_membership(family_, group, source, interface_index);
  if (!wanted) return wanted.failure();
  return platform::join(native(), *wanted);
}

result<> datagram_socket::leave(const ip_address& group, const ip_address& source,
                                std::uint32_t interface_index) noexcept {
  const auto wanted = checked_membership(family_, group, source, interface_index);
  if (!wanted) return wanted.failure();
  return platform::leave(native(), *wanted);
}

result<connected_datagram_socket> connected_datagram_socket::connect(
    const endpoint& peer, std::optional<endpoint> local, const datagram_presets& early) noexcept {
  const auto to = detail::destination(peer);
  if (!to) return to.failure();
  auto handle = platform::open(family_of(to->address), kind::datagram);
  if (!handle) return handle.failure();
  if (auto set = early.set_on(handle->get()); !set) return set.failure();
  if (local)
    if (auto bound = platform::bind(handle->get(), *local, kind::datagram, bind_policy::exclusive);
        !bound)
      return bound.failure();
  if (auto connected = platform::connect(handle->get(), *to); !connected)
    return connected.failure();
  return connected_datagram_socket{std::move(*handle)};
}

result<connected_datagram_socket> connected_datagram_socket::adopt(native_handle handle) noexcept {
  if (auto adopted = detail::adopt(handle, kind::datagram); !adopted) return adopted.failure();
  if (const auto peer = platform::peer_endpoint(handle); !peer) return peer.failure();
  return connected_datagram_socket{unique_handle{handle}};
}

result<> connected_datagram_socket::send_again(const_bytes datagram) noexcept {
  if (platform::would_have_blocked()) return fail(platform::would_block);
  return platform::send_datagram(native(), only(datagram));
}

result<received_part> connected_datagram_socket::receive(mutable_bytes buffer) noexcept {
  if (buffer.empty()) return fail(errc::invalid_argument);
  const auto size = platform::bare_receive_datagram(native(), buffer.data(), buffer.size());
  if (size >= 0) [[likely]] {
    const auto whole = static_cast<std::size_t>(size);
    return received_part{(std::min)(whole, buffer.size()), whole > buffer.size()};
  }
  if (platform::would_have_blocked()) return fail(platform::would_block);
  return platform::receive_datagram(native(), only(buffer));
}

result<> connected_datagram_socket::send(const_bytes datagram, deadline until) noexcept {
  return send(only(datagram), until);
}

result<> connected_datagram_socket::send(std::span<const const_bytes> datagram,
                                         deadline until) noexcept {
  return detail::try_until(native(), interest::send, until, [&]() noexcept {
    return platform::try_send_datagram(native(), datagram);
  });
}

result<received_part> connected_datagram_socket::receive(mutable_bytes buffer,
                                                         deadline until) noexcept {
  return receive(only(buffer), until);
}

result<received_part> connected_datagram_socket::receive(std::span<const mutable_bytes> buffers,
                                                         deadline until) noexcept {
  return detail::try_until(native(), interest::receive, until, [&]() noexcept {
    return platform::try_receive_datagram(native(), buffers);
  });
}

result<endpoint> connected_datagram_socket::peer_endpoint() const noexcept {
  return platform::peer_endpoint(native());
}

}  // namespace portsock
