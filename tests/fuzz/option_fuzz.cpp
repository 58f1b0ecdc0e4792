// SPDX-License-Identifier: MIT
#include <algorithm>
#include <array>
#include <cstring>

#include <portsock/socket.hpp>
#include <tests/fuzz/fuzz.hpp>

namespace {

using namespace portsock;

/// A socket of each kind and family; nothing where the host has no such family.
native_handle socket_of(unsigned choice) {
  static const auto datagram = datagram_socket::bind({ipv4_address::loopback(), 0}).value();
  static const auto listener = stream_listener::listen({ipv4_address::loopback(), 0}).value();
  static const auto stream = stream_socket::connect(listener.local_endpoint().value()).value();
  static const auto datagram_v6 = datagram_socket::bind({ipv6_address::loopback(), 0});
  const std::array all{datagram.native(), listener.native(), stream.native(),
                       datagram_v6 ? datagram_v6->native() : datagram.native()};
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
