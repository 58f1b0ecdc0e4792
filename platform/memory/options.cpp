// SPDX-License-Identifier: MIT
#include "options.hpp"

#include <algorithm>
#include <limits>

namespace portsock::platform {

using namespace memory;

namespace memory {
namespace {

constexpr std::int64_t any_index = (std::numeric_limits<std::int32_t>::max)();

struct option_row {
  std::int64_t least;
  std::int64_t most;
  std::int64_t at_first;
};

/// In the order of option_id.
constexpr option_row rows[] = {
    {0, 1, 0},                // no_delay
    {0, 1, 0},                // keep_alive
    {1, 32'767, 7200},        // keep_alive_idle
    {1, 32'767, 75},          // keep_alive_interval
    {1, 127, 9},              // keep_alive_count
    {0, 1, 0},                // close_mode
    {1, any_index, 212'992},  // send_buffer
    {1, any_index, 212'992},  // receive_buffer
    {1, any_index, 1},        // receive_low_water
    {0, 1, 0},                // broadcast
    {0, 1, 1},                // v6_only
    {1, 255, 64},             // hop_limit
    {0, 255, 0},              // traffic_class
    {0, 1, 0},                // dont_fragment
    {0, any_index, 0},        // multicast_interface
    {0, 1, 1},                // multicast_loop
    {0, 255, 1},              // multicast_hop_limit
    {0, 1, 0},                // out_of_band_inline
    {0, any_index, 0},        // outgoing_interface
};
static_assert(std::size(rows) == option_count);

constexpr std::int64_t smallest_buffer = 4608, largest_buffer = 16 << 20;

bool is_buffer(option_id id) noexcept {
  return id == option_id::send_buffer || id == option_id::receive_buffer;
}

/// What is no option of IP or TCP.
bool has_option(const socket_object& one, option_id id) noexcept {
  using enum option_id;
  constexpr option_id of_all[] = {keep_alive,        close_mode, send_buffer,       receive_buffer,
                                  receive_low_water, broadcast,  out_of_band_inline};
  return !is_local(one.is) || std::ranges::find(of_all, id) != std::end(of_all);
}

}  // namespace

void set_defaults(socket_object& fresh) noexcept {
  for (std::size_t i = 0; i != option_count; ++i) fresh.options[i] = rows[i].at_first;
}

}  // namespace memory

result<> set_option(native_handle s, option_id id, std::int64_t value) noexcept {
  const auto held = enter();
  const auto socket = socket_of(s);
  if (!socket) return socket.failure();
  if (!has_option(**socket, id)) return refuse(errc::not_supported);
  const auto& row = rows[static_cast<std::size_t>(id)];
  if (value < row.least || value > row.most) return fail(errc::invalid_argument);
  const bool is_interface =
      id == option_id::multicast_interface || id == option_id::outgoing_interface;
  if (is_interface && value != 0 &&
      interface_of((*socket)->home, static_cast<std::uint32_t>(value)) == nullptr)
    return fail(errc::address_not_available);
  if (is_buffer(id)) value = std::clamp(value, smallest_buffer, largest_buffer);
  (**socket)[id] = value;
  changed();  // a mark or a buffer may have moved
  if (auto* connection = dynamic_cast<stream*>(socket->get());
      connection != nullptr && id == option_id::receive_buffer && connection->other)
    push_on(connection->other);
  return {};
}

result<std::int64_t> get_option(native_handle s, option_id id) noexcept {
  const auto held = enter();
  const auto socket = socket_of(s);
  if (!socket) return socket.failure();
  if (!has_option(**socket, id)) return refuse(errc::not_supported);
  if (id == option_id::v6_only && (*socket)->of == family::v4) return refuse(errc::not_supported);
  return (**socket)[id];
}

bool supports_option(native_handle s, option_id id) noexcept {
  const auto value = get_option(s, id);
  return value || !is_unsupported(value.error());
}

}  // namespace portsock::platform
