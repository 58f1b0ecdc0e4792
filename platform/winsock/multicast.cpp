// SPDX-License-Identifier: MIT

// Groups, by interface index.

#include <cstring>

#include <platform/bsd/sockaddr.hpp>
#include <platform/contract.hpp>

#include "adapters.hpp"
#include "native.hpp"
#include "system.hpp"

namespace portsock::platform {
namespace {

template <class Request>
result<> request_option(native_handle s, int level, int name, const Request& request) noexcept {
  return checked(::setsockopt(descriptor(s), level, name, reinterpret_cast<const char*>(&request),
                              sizeof request));
}

void copy_name(SOCKADDR_STORAGE& to, const ip_address& address) noexcept {
  const native_endpoint name{endpoint{address, 0}};
  std::memcpy(&to, name.data(), name.size());
}

struct option_names {
  int v4, v6, v4_source, v6_source;
};
constexpr option_names joining{IP_ADD_MEMBERSHIP, IPV6_ADD_MEMBERSHIP, IP_ADD_SOURCE_MEMBERSHIP,
                               MCAST_JOIN_SOURCE_GROUP};
constexpr option_names leaving{IP_DROP_MEMBERSHIP, IPV6_DROP_MEMBERSHIP, IP_DROP_SOURCE_MEMBERSHIP,
                               MCAST_LEAVE_SOURCE_GROUP};

/// The interface by its address: MCAST_JOIN_GROUP, which takes an index, is not known to Wine.
result<> apply_v4(native_handle s, const membership& of, const option_names& names) noexcept {
  const auto on = interface_address(of.interface_index);
  if (!on) return on.failure();
  const auto group = to_native(std::get<ipv4_address>(of.group));
  if (of.source) {
    ip_mreq_source request{};  // its members do not come in the order that they have under POSIX
    request.imr_multiaddr = group;
    request.imr_sourceaddr = to_native(std::get<ipv4_address>(*of.source));
    request.imr_interface = *on;
    return request_option(s, IPPROTO_IP, names.v4_source, request);
  }
  ip_mreq request{};
  request.imr_multiaddr = group;
  request.imr_interface = *on;
  return request_option(s, IPPROTO_IP, names.v4, request);
}

result<> apply_v6(native_handle s, const membership& of, const option_names& names) noexcept {
  if (of.source) {
    group_source_req request{};
    request.gsr_interface = of.interface_index;
    copy_name(request.gsr_group, of.group);
    copy_name(request.gsr_source, *of.source);
    return request_option(s, IPPROTO_IPV6, names.v6_source, request);
  }
  ipv6_mreq request{};
  request.ipv6mr_multiaddr = to_native(std::get<ipv6_address>(of.group));
  request.ipv6mr_interface = of.interface_index;
  return request_option(s, IPPROTO_IPV6, names.v6, request);
}

result<> apply(native_handle s, const membership& of, const option_names& names) noexcept {
  return family_of(of.group) == family::v4 ? apply_v4(s, of, names) : apply_v6(s, of, names);
}

/// Whether a socket that is in no group could do it.
bool works_elsewhere(const membership& of) noexcept {
  const auto fresh = open(family_of(of.group), kind::datagram);
  return fresh && apply(fresh->get(), of, joining);
}

}  // namespace

result<> join(native_handle s, const membership& of) noexcept {
  const auto outcome = apply(s, of, joining);
  if (outcome || outcome.error().domain() == error_domain::library) return outcome;
  switch (outcome.error().value()) {
    case WSAEADDRINUSE:
      return {};  // Wine's word for a group that this socket is in already
    // The words for the same, and for other things too (Microsoft Learn, "Multicast Socket Option
    // Behavior").
    case WSAEADDRNOTAVAIL:
    case WSAEINVAL:
      if (of.interface_index != 0 && !interface_exists(of.interface_index))
        return fail(errc::address_not_available);
      if (works_elsewhere(of)) return {};
      return outcome;
    default:
      return outcome;
  }
}

result<> leave(native_handle s, const membership& of) noexcept {
  const auto outcome = apply(s, of, leaving);
  if (outcome) return outcome;
  switch (outcome.error().meaning()) {
    // Nobody is in a group that he did not join, nor on an interface that is not there.
    case errc::address_not_available:
    case errc::invalid_argument:
      return {};
    default:
      return outcome;
  }
}

}  // namespace portsock::platform
