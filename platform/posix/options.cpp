// SPDX-License-Identifier: MIT
#include "options.hpp"

#include <algorithm>
#include <cstring>
#include <limits>
#include <optional>

#include <net/if.h>

#include <platform/bsd/sockaddr.hpp>
#include <platform/contract.hpp>

#include "native.hpp"
#include "own_addresses.hpp"

namespace portsock::platform {
namespace {

constexpr std::int64_t off = 0, on = 1, int_max = (std::numeric_limits<int>::max)();

constexpr option_row rows[] = {
    same(option_id::no_delay, IPPROTO_TCP, TCP_NODELAY, off, on),
    same(option_id::keep_alive, SOL_SOCKET, SO_KEEPALIVE, off, on),
    same(option_id::keep_alive_interval, IPPROTO_TCP, TCP_KEEPINTVL, 1, 32767),
    same(option_id::keep_alive_count, IPPROTO_TCP, TCP_KEEPCNT, 1, 127),
    same(option_id::close_mode, SOL_SOCKET, SO_LINGER, 0, 1, stored_as::linger_on_close),
    same(option_id::send_buffer, SOL_SOCKET, SO_SNDBUF, 1, int_max),
    same(option_id::receive_buffer, SOL_SOCKET, SO_RCVBUF, 1, int_max),
    same(option_id::receive_low_water, SOL_SOCKET, SO_RCVLOWAT, 1, int_max),
    same(option_id::broadcast, SOL_SOCKET, SO_BROADCAST, off, on),
    {option_id::v6_only, nowhere, {IPPROTO_IPV6, IPV6_V6ONLY, stored_as::integer}, off, on},
    {option_id::hop_limit,
     {IPPROTO_IP, IP_TTL, stored_as::integer},
     {IPPROTO_IPV6, IPV6_UNICAST_HOPS, stored_as::integer},
     1,
     255},
    {option_id::traffic_class,
     {IPPROTO_IP, IP_TOS, stored_as::integer},
     {IPPROTO_IPV6, IPV6_TCLASS, stored_as::integer},
     0,
     255},
    // The IPv4 values of multicast are octets on every BSD, and Linux takes octets too.
    {option_id::multicast_loop,
     {IPPROTO_IP, IP_MULTICAST_LOOP, stored_as::octet},
     {IPPROTO_IPV6, IPV6_MULTICAST_LOOP, stored_as::integer},
     off,
     on},
    {option_id::multicast_hop_limit,
     {IPPROTO_IP, IP_MULTICAST_TTL, stored_as::octet},
     {IPPROTO_IPV6, IPV6_MULTICAST_HOPS, stored_as::integer},
     0,
     255},
    {option_id::multicast_interface,
     {IPPROTO_IP, IP_MULTICAST_IF, stored_as::interface_v4},
     {IPPROTO_IPV6, IPV6_MULTICAST_IF, stored_as::integer},
     0,
     int_max},
    same(option_id::out_of_band_inline, SOL_SOCKET, SO_OOBINLINE, off, on),
};

const option_row* find_row(std::span<const option_row> among, option_id id) noexcept {
  const auto row = std::ranges::find(among, id, &option_row::id);
  return row == among.end() ? nullptr : &*row;
}

struct located {
  const option_row* row;
  option_place place;
};

/// Where `s` keeps the option; errc::not_supported where this system has none.
result<located> locate(native_handle s, option_id id) noexcept {
  const auto* row = find_row(rows, id);
  if (row == nullptr) row = find_row(system_option_rows(), id);
  if (row == nullptr) return fail(errc::not_supported);
  auto place = row->v4;
  // The name tells the family on every system; only Linux and FreeBSD have an option for it.
  if (row->v4.name != row->v6.name || row->v4.level != row->v6.level) {
    socket_name name;
    if (::getsockname(descriptor(s), name.data(), name.length()) != 0)
      return std::unexpected{last_error()};
    if (name.address_family() == family::v6) place = row->v6;
  }
  if (place.type == stored_as::none) return fail(errc::not_supported);
  return located{row, place};
}

template <class Value>
result<> write(native_handle s, const option_place& at, const Value& value) noexcept {
  return checked(::setsockopt(descriptor(s), at.level, at.name, &value, sizeof value));
}

/// Systems may write less than was asked for, so the rest is zero before.
template <class Value>
result<Value> read(native_handle s, const option_place& at) noexcept {
  Value value{};
  socklen_t size = sizeof value;
  if (::getsockopt(descriptor(s), at.level, at.name, &value, &size) != 0)
    return std::unexpected{last_error()};
  return value;
}

/// An int where there is room for one, or an octet nevertheless: that which was written. qemu's
/// user emulation writes an int into the room of an octet too.
result<std::int64_t> get_octet(native_handle s, const option_place& at) noexcept {
  int value = 0;
  socklen_t size = sizeof value;
  if (::getsockopt(descriptor(s), at.level, at.name, &value, &size) != 0)
    return std::unexpected{last_error()};
  if (size == sizeof value) return value;
  unsigned char octet = 0;
  std::memcpy(&octet, &value, sizeof octet);
  return octet;
}

/// By index; and with the interface's address, since an address is all that can be read back.
result<> set_interface_v4(native_handle s, const option_place& at, std::uint32_t index) noexcept {
  ip_mreqn request{};
  request.imr_ifindex = static_cast<int>(index);
  if (index != 0) {
    const auto address = address_of_interface(index);
    if (!address) return address.failure();
    request.imr_address = *address;
  }
  return write(s, at, request);
}

/// Linux takes any index, and macOS those of interfaces that have gone.
result<> set_interface_index(native_handle s, const option_place& at, unsigned index) noexcept {
  char name[IF_NAMESIZE];
  if (index != 0 && ::if_indextoname(index, name) == nullptr) return std::unexpected{last_error()};
  return write(s, at, static_cast<int>(index));
}

result<std::int64_t> get_interface_v4(native_handle s, const option_place& at) noexcept {
  const auto value = read<in_addr>(s, at);
  if (!value) return value.failure();
  if (value->s_addr == INADDR_ANY) return 0;
  const auto index = interface_with_address(*value);
  if (!index) return index.failure();
  return *index;
}

}  // namespace

result<> set_option(native_handle s, option_id id, std::int64_t value) noexcept {
  const auto found = locate(s, id);
  if (!found) return found.failure();
  const auto& [row, place] = *found;
  if (value < row->least || value > row->most) return fail(errc::invalid_argument);
  const auto stored = to_system(id, value);
  switch (place.type) {
    case stored_as::octet:
      return write(s, place, static_cast<unsigned char>(stored));
    case stored_as::linger_on_close:
      return write(s, place, linger{static_cast<int>(stored), 0});
    case stored_as::interface_v4:
      return set_interface_v4(s, place, static_cast<std::uint32_t>(stored));
    case stored_as::interface_index:
      return set_interface_index(s, place, static_cast<unsigned>(stored));
    default:
      return write(s, place, static_cast<int>(stored));
  }
}

result<std::int64_t> get_option(native_handle s, option_id id) noexcept {
  const auto found = locate(s, id);
  if (!found) return found.failure();
  const auto& place = found->place;
  switch (place.type) {
    case stored_as::octet:
      return get_octet(s, place);
    case stored_as::linger_on_close: {
      const auto value = read<linger>(s, place);
      if (!value) return value.failure();
      return value->l_onoff != 0 && value->l_linger == 0 ? 1 : 0;
    }
    case stored_as::interface_v4:
      return get_interface_v4(s, place);
    default: {
      const auto value = read<int>(s, place);
      if (!value) return value.failure();
      return from_system(id, *value);
    }
  }
}

bool supports_option(native_handle s, option_id id) noexcept {
  const auto value = get_option(s, id);
  return value || !is_unsupported(value.error());
}

}  // namespace portsock::platform
