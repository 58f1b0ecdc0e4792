// SPDX-License-Identifier: MIT

// Groups, by interface index.

#include <algorithm>
#include <cstring>
#include <initializer_list>

#include <platform/bsd/sockaddr.hpp>
#include <platform/contract.hpp>

#include "native.hpp"
#include "system.hpp"

namespace portsock::platform {
namespace {

template <class Request>
result<> request_option(native_handle s, int level, int name, const Request& request) noexcept {
  return checked(::setsockopt(descriptor(s), level, name, &request, sizeof request));
}

constexpr int level_of(const ip_address& group) noexcept {
  return family_of(group) == family::v4 ? IPPROTO_IP : IPPROTO_IPV6;
}

result<> from_anybody(native_handle s, const membership& of, int v4_name, int v6_name) noexcept {
  if (const auto* group = std::get_if<ipv4_address>(&of.group)) {
    ip_mreqn request{};
    request.imr_multiaddr = to_native(*group);
    request.imr_ifindex = static_cast<int>(of.interface_index);
    return request_option(s, IPPROTO_IP, v4_name, request);
  }
  ipv6_mreq request{};
  request.ipv6mr_multiaddr = to_native(std::get<ipv6_address>(of.group));
  request.ipv6mr_interface = of.interface_index;
  return request_option(s, IPPROTO_IPV6, v6_name, request);
}

void copy_name(sockaddr_storage& to, const ip_address& address) noexcept {
  const native_endpoint name{endpoint{address, 0}};
  std::memcpy(&to, name.data(), name.size());
}

result<> from_source(native_handle s, const membership& of, int name) noexcept {
  group_source_req request{};
  request.gsr_interface = of.interface_index;
  copy_name(request.gsr_group, of.group);
  copy_name(request.gsr_source, *of.source);
  return request_option(s, level_of(of.group), name, request);
}

/// A success if it failed only because things already were as they should be.
result<> unless_already(result<> outcome, std::initializer_list<int> codes) noexcept {
  if (!outcome && std::ranges::find(codes, outcome.error().value()) != codes.end()) return {};
  return outcome;
}

}  // namespace

result<> join(native_handle s, const membership& of) noexcept {
  if (of.source)
    return unless_already(from_source(s, of, MCAST_JOIN_SOURCE_GROUP), {EADDRNOTAVAIL});
  const auto joined = from_anybody(s, of, IP_ADD_MEMBERSHIP, IPV6_JOIN_GROUP);
  if (!joined && joined.error().value() == EADDRINUSE) {
    sockaddr_storage group{};
    copy_name(group, of.group);
    if (hears_some_sources(descriptor(s), level_of(of.group), group, of.interface_index))
      return joined;
  }
  return unless_already(joined, {EADDRINUSE});
}

result<> leave(native_handle s, const membership& of) noexcept {
  // Linux tells a source that was not joined from a group that was not: ip(7).
  if (of.source)
    return unless_already(from_source(s, of, MCAST_LEAVE_SOURCE_GROUP), {EADDRNOTAVAIL, EINVAL});
  return unless_already(from_anybody(s, of, IP_DROP_MEMBERSHIP, IPV6_LEAVE_GROUP), {EADDRNOTAVAIL});
}

}  // namespace portsock::platform
