// SPDX-License-Identifier: MIT

// An option is a row: where the system keeps it, and in what.

#include <algorithm>
#include <cstring>
#include <limits>

#include <platform/bsd/sockaddr.hpp>
#include <platform/contract.hpp>

#include "adapters.hpp"
#include "constants.hpp"
#include "native.hpp"
#include "system.hpp"

namespace portsock::platform {
namespace {

/// The system's type of a value. `none`: this system has no such option.
enum class stored_as : std::uint8_t {
  none,
  integer,
  linger_on_close,
  interface_v4,
  interface_v6,
  index,             ///< of an interface that is there
  index_as_address,  ///< the same, in network byte order
  keep_alive
};

struct option_place {
  int level = 0;
  int name = 0;
  stored_as type = stored_as::none;
};

struct option_row {
  option_id id;
  option_place v4;  ///< for IPv4 sockets
  option_place v6;  ///< for IPv6 sockets
  std::int64_t least;
  std::int64_t most;
};

/// A row for an option that both families keep in one place.
constexpr option_row same(option_id id, int level, int name, std::int64_t least, std::int64_t most,
                          stored_as type = stored_as::integer) noexcept {
  return {id, {level, name, type}, {level, name, type}, least, most};
}

/// What the system lacks.
constexpr option_place nowhere{};

constexpr std::int64_t off = 0, on = 1, int_max = (std::numeric_limits<int>::max)();

// traffic_class is not here: Windows accepts IP_TOS and sends what it likes (Microsoft Learn,
// "IPPROTO_IP Socket Options").
constexpr option_row rows[] = {
    same(option_id::no_delay, IPPROTO_TCP, TCP_NODELAY, off, on),
    same(option_id::keep_alive, SOL_SOCKET, SO_KEEPALIVE, off, on),
    same(option_id::keep_alive_idle, IPPROTO_TCP, tcp_keep_idle, 1, 32767, stored_as::keep_alive),
    same(option_id::keep_alive_interval, IPPROTO_TCP, tcp_keep_interval, 1, 32767,
         stored_as::keep_alive),
    same(option_id::keep_alive_count, IPPROTO_TCP, tcp_keep_count, 1, 127),
    same(option_id::close_mode, SOL_SOCKET, SO_LINGER, 0, 1, stored_as::linger_on_close),
    same(option_id::send_buffer, SOL_SOCKET, SO_SNDBUF, 1, int_max),
    same(option_id::receive_buffer, SOL_SOCKET, SO_RCVBUF, 1, int_max),
    same(option_id::broadcast, SOL_SOCKET, SO_BROADCAST, off, on),
    {option_id::v6_only, nowhere, {IPPROTO_IPV6, IPV6_V6ONLY, stored_as::integer}, off, on},
    {option_id::hop_limit,
     {IPPROTO_IP, IP_TTL, stored_as::integer},
     {IPPROTO_IPV6, IPV6_UNICAST_HOPS, stored_as::integer},
     1,
     255},
    {option_id::dont_fragment,
     {IPPROTO_IP, IP_DONTFRAGMENT, stored_as::integer},
     {IPPROTO_IPV6, IPV6_DONTFRAG, stored_as::integer},
     off,
     on},
    {option_id::multicast_loop,
     {IPPROTO_IP, IP_MULTICAST_LOOP, stored_as::integer},
     {IPPROTO_IPV6, IPV6_MULTICAST_LOOP, stored_as::integer},
     off,
     on},
    {option_id::multicast_hop_limit,
     {IPPROTO_IP, IP_MULTICAST_TTL, stored_as::integer},
     {IPPROTO_IPV6, IPV6_MULTICAST_HOPS, stored_as::integer},
     0,
     255},
    {option_id::multicast_interface,
     {IPPROTO_IP, IP_MULTICAST_IF, stored_as::interface_v4},
     {IPPROTO_IPV6, IPV6_MULTICAST_IF, stored_as::interface_v6},
     0,
     int_max},
    // What is heard by other interfaces is delivered all the same (Microsoft Learn, IP_UNICAST_IF).
    {option_id::outgoing_interface,
     {IPPROTO_IP, ip_unicast_interface, stored_as::index_as_address},
     {IPPROTO_IPV6, ipv6_unicast_interface, stored_as::index},
     0,
     int_max},
    same(option_id::out_of_band_inline, SOL_SOCKET, SO_OOBINLINE, off, on),
};

struct located {
  const option_row* row;
  option_place place;
};

/// Where `s` keeps the option; errc::not_supported where this system has none.
result<located> locate(native_handle s, option_id id) noexcept {
  const auto* row = std::ranges::find(rows, id, &option_row::id);
  if (row == std::end(rows)) return fail(errc::not_supported);
  auto place = row->v4;
  if (row->v4.name != row->v6.name || row->v4.level != row->v6.level) {
    const auto protocol = protocol_of(s);
    if (!protocol) return protocol.failure();
    if (protocol->iAddressFamily == AF_INET6) place = row->v6;
  }
  if (place.type == stored_as::none) return fail(errc::not_supported);
  return located{row, place};
}

/// Systems write less than was asked for (one byte for many a switch), so the rest is zero before.
template <class Value>
result<Value> read(native_handle s, const option_place& at) noexcept {
  Value value{};
  int size = sizeof value;
  if (::getsockopt(descriptor(s), at.level, at.name, reinterpret_cast<char*>(&value), &size) != 0)
    return std::unexpected{last_error()};
  return value;
}

/// Before Windows 10 1709 the two times of keep-alive are set together, in milliseconds, and switch
/// it on (Microsoft Learn, SIO_KEEPALIVE_VALS). The one that was not given gets its default.
result<> set_keep_alive_times(native_handle s, option_id id, DWORD seconds) noexcept {
  tcp_keepalive times{1, 7200 * 1000, 1000};
  (id == option_id::keep_alive_idle ? times.keepalivetime : times.keepaliveinterval) =
      seconds * 1000;
  DWORD written = 0;
  return checked(::WSAIoctl(descriptor(s), SIO_KEEPALIVE_VALS, &times, sizeof times, nullptr, 0,
                            &written, nullptr, nullptr));
}

/// An index is written like the address 0.0.0.7 (Microsoft Learn, IP_MULTICAST_IF). Wine wants an
/// address that is the interface's.
result<> set_interface_v4(native_handle s, const option_place& at, DWORD index) noexcept {
  if (auto set = set_word(s, at.level, at.name, ::htonl(index)); set) return set;
  const auto address = interface_address(index);
  if (!address) return address.failure();
  return set_word(s, at.level, at.name, address->s_addr);
}

result<> set_interface_v6(native_handle s, const option_place& at, DWORD index) noexcept {
  const auto set = set_word(s, at.level, at.name, index);
  if (!set && !interface_exists(index)) return fail(errc::address_not_available);
  return set;
}

result<> set_index(native_handle s, const option_place& at, DWORD index) noexcept {
  if (index != 0 && !interface_exists(index)) return fail(errc::address_not_available);
  return set_word(s, at.level, at.name,
                  at.type == stored_as::index_as_address ? ::htonl(index) : index);
}

/// What was set, or the index in this machine's byte order.
result<std::int64_t> get_interface_v4(native_handle s, const option_place& at) noexcept {
  const auto word = read<DWORD>(s, at);
  if (!word) return word.failure();
  if (*word == 0) return 0;
  const auto list = adapter_list::read();
  if (!list) return list.failure();
  in_addr address{};
  address.s_addr = *word;
  constexpr DWORD largest_index = 0xffffff;
  return list->index_of(address).value_or(*word <= largest_index ? *word : ::ntohl(*word));
}

}  // namespace

result<> set_option(native_handle s, option_id id, std::int64_t value) noexcept {
  const auto found = locate(s, id);
  if (!found) return found.failure();
  const auto& [row, place] = *found;
  if (value < row->least || value > row->most) return fail(errc::invalid_argument);
  const auto word = static_cast<DWORD>(value);
  switch (place.type) {
    case stored_as::linger_on_close: {
      const linger request{static_cast<u_short>(word), 0};
      return checked(::setsockopt(descriptor(s), place.level, place.name,
                                  reinterpret_cast<const char*>(&request), sizeof request));
    }
    case stored_as::interface_v4:
      return set_interface_v4(s, place, word);
    case stored_as::interface_v6:
      return set_interface_v6(s, place, word);
    case stored_as::index:
    case stored_as::index_as_address:
      return set_index(s, place, word);
    case stored_as::keep_alive: {
      const auto set = set_word(s, place.level, place.name, word);
      if (set || set.error() != errc::not_supported) return set;
      return set_keep_alive_times(s, id, word);
    }
    default:
      return set_word(s, place.level, place.name, word);
  }
}

result<std::int64_t> get_option(native_handle s, option_id id) noexcept {
  const auto found = locate(s, id);
  if (!found) return found.failure();
  const auto& place = found->place;
  switch (place.type) {
    case stored_as::linger_on_close: {
      const auto value = read<linger>(s, place);
      if (!value) return value.failure();
      return value->l_onoff != 0 && value->l_linger == 0 ? 1 : 0;
    }
    case stored_as::interface_v4:
      return get_interface_v4(s, place);
    case stored_as::index_as_address: {
      const auto value = read<DWORD>(s, place);
      if (!value) return value.failure();
      return ::ntohl(*value);
    }
    default: {
      const auto value = read<DWORD>(s, place);
      if (!value) return value.failure();
      return *value;
    }
  }
}

bool supports_option(native_handle s, option_id id) noexcept {
  const auto found = locate(s, id);
  if (!found) return !is_unsupported(found.error());
  if (found->place.type == stored_as::keep_alive) return true;  // at least to be set
  const auto value = get_option(s, id);
  return value || !is_unsupported(value.error());
}

}  // namespace portsock::platform
