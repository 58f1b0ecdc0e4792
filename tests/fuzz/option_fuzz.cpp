// SPDX-License-Identifier: MIT
#include <algorithm>
#include <array>
#include <cstring>

#include <portsock/icmp_socket.hpp>
#include <portsock/raw_socket.hpp>
#include <portsock/socket.hpp>
#include <tests/fuzz/fuzz.hpp>

namespace {

using namespace portsock;

struct streams {
  result<stream_listener> listener;
  result<stream_socket> here = fail(errc::not_connected);

  explicit streams(const ip_address& loopback) : listener{stream_listener::listen({loopback, 0})} {
    if (!listener) return;
    if (const auto where = listener->local_endpoint()) here = stream_socket::connect(*where);
  }
};

/// Of a protocol that nobody speaks (RFC 3692), so that nothing arrives.
result<raw_socket> raw_of(family of) { return raw_socket::open(of, protocol{253}); }
result<icmp_socket> icmp_of(family of) { return icmp_socket::open(of, icmp_access::datagram); }

/// A socket of each kind and family. An IPv4 datagram socket stands in where the host has no such
/// family, or does not let this user have such a socket.
native_handle socket_of(unsigned choice) {
  static const auto datagram = datagram_socket::bind({ipv4_address::loopback(), 0}).value();
  static const auto datagram_v6 = datagram_socket::bind({ipv6_address::loopback(), 0});
  static const streams v4{ipv4_address::loopback()};
  fuzz::expect(v4.here.has_value(), "every host has IPv4");
  static const streams v6{ipv6_address::loopback()};
  static const std::array raw{raw_of(family::v4), raw_of(family::v6)};
  static const std::array icmp{icmp_of(family::v4), icmp_of(family::v6)};
  const auto of = [](const auto& opened) { return opened ? opened->native() : datagram.native(); };
  const std::array all{datagram.native(), of(v4.listener), of(v4.here), of(datagram_v6),
                       of(v6.listener),   of(v6.here),     of(raw[0]),  of(raw[1]),
                       of(icmp[0]),       of(icmp[1])};
  return all[choice % all.size()];
}

/// What the system may give more or less of than it was asked for, or only part of; and an
/// interface, which Linux tells by its IPv4 address alone, and it may have none.
bool is_a_wish(option_id id) {
  constexpr std::array wishes{option_id::send_buffer, option_id::receive_buffer,
                              option_id::receive_low_water, option_id::traffic_class,
                              option_id::multicast_interface};
  return std::ranges::find(wishes, id) != wishes.end();
}

}  // namespace

int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const auto of = fuzz::take_choice(data, size);
  const auto which = fuzz::take_choice(data, size);
  const auto id = static_cast<option_id>(which % option_count);
  std::int64_t value = 0;
  std::memcpy(&value, data, (std::min)(size, sizeof value));

  const auto socket = socket_of(of);
  const bool supported = platform::supports_option(socket, id);
  const auto before = platform::get_option(socket, id);
  fuzz::expect(supported || !before, "what is not supported has no value");
  const auto set = platform::set_option(socket, id, value);
  const auto after = platform::get_option(socket, id);
  fuzz::expect(before.has_value() == after.has_value(), "setting one does not hide it");
  if (!set && before && after) fuzz::expect(*after == *before, "what is refused changes nothing");
  if (set && after && !is_a_wish(id)) fuzz::expect(*after == value, "it is what it was set to");
  return 0;
}
