// SPDX-License-Identifier: MIT
#include <portsock/datagram_details.hpp>

#include "send_details.hpp"
#include "waits.hpp"

namespace portsock {
namespace {

using platform::patience;

result<> send_checked(native_handle s, const_bytes datagram, const native_endpoint* peer,
                      const send_details& how, patience waits) noexcept {
  if (auto good = detail::check(how); !good) return good.failure();
  return detail::send_detailed(s, datagram, peer, how, waits);
}

result<detailed<received>> receive_named(native_handle s, mutable_bytes buffer,
                                         patience waits) noexcept {
  result<detailed<received>> got{std::in_place};
  const auto part = platform::receive_detailed(s, buffer, &got->from, got->details, waits);
  if (!part) return part.failure();
  got->size = part->size;
  got->truncated = part->truncated;
  return got;
}

result<detailed<received_part>> receive_part(native_handle s, mutable_bytes buffer,
                                             patience waits) noexcept {
  result<detailed<received_part>> got{std::in_place};
  const auto part = platform::receive_detailed(s, buffer, nullptr, got->details, waits);
  if (!part) return part.failure();
  static_cast<received_part&>(*got) = *part;
  return got;
}

}  // namespace

result<detailed<received>> datagram_socket::receive_in_detail(mutable_bytes buffer) noexcept {
  return receive_named(native(), buffer, patience::of_the_socket);
}
result<detailed<received>> datagram_socket::receive_in_detail(mutable_bytes buffer,
                                                              deadline until) noexcept {
  return detail::try_until(native(), interest::receive, until, [&]() noexcept {
    return receive_named(native(), buffer, patience::none);
  });
}

result<> datagram_socket::send_to(const_bytes datagram, const native_endpoint& peer,
                                  const send_details& how) noexcept {
  return send_checked(native(), datagram, &peer, how, patience::of_the_socket);
}
result<> datagram_socket::send_to(const_bytes datagram, const endpoint& peer,
                                  const send_details& how) noexcept {
  const auto to = destination(peer);
  if (!to) return to.failure();
  return send_to(datagram, *to, how);
}
result<> datagram_socket::send_to(const_bytes datagram, const endpoint& peer,
                                  const send_details& how, deadline until) noexcept {
  const auto to = destination(peer);
  if (!to) return to.failure();
  return detail::try_until(native(), interest::send, until, [&]() noexcept {
    return send_checked(native(), datagram, &*to, how, patience::none);
  });
}

result<detailed<received_part>> connected_datagram_socket::receive_in_detail(
    mutable_bytes buffer) noexcept {
  return receive_part(native(), buffer, patience::of_the_socket);
}
result<detailed<received_part>> connected_datagram_socket::receive_in_detail(
    mutable_bytes buffer, deadline until) noexcept {
  return detail::try_until(native(), interest::receive, until, [&]() noexcept {
    return receive_part(native(), buffer, patience::none);
  });
}

result<> connected_datagram_socket::send(const_bytes datagram, const send_details& how) noexcept {
  return send_checked(native(), datagram, nullptr, how, patience::of_the_socket);
}
result<> connected_datagram_socket::send(const_bytes datagram, const send_details& how,
                                         deadline until) noexcept {
  return detail::try_until(native(), interest::send, until, [&]() noexcept {
    return send_checked(native(), datagram, nullptr, how, patience::none);
  });
}

}  // namespace portsock
