// SPDX-License-Identifier: MIT

// What the segments of a connection meet between its ends.

#include <algorithm>

#include "segments.hpp"

namespace portsock::platform::memory {

duration doubled(duration first, int times) noexcept {
  constexpr duration last_retry = std::chrono::seconds{120};
  for (; times > 0 && first < last_retry; --times) first *= 2;
  return (std::min)(first, last_retry);
}

std::uint32_t segment_size_over(const path& way) noexcept {
  constexpr std::uint32_t least_mtu = 68, headers = 40;  // RFC 791, 3.2
  return (std::max)(way.mtu, least_mtu) - headers;
}

flow flow_from(const stream& end) {
  const auto to = end.peer.value_or(endpoint{end.local.address, 0});
  return {end.local.address, to.address, tcp, end.local.port, to.port};
}

flow answers_to(const stream& end) {
  constexpr std::uint8_t answer = 255;  // no protocol's number
  const auto [source, destination, protocol, from, to] = flow_from(end);
  return {destination, source, answer, to, from};
}

bool passes_routers(const socket_object& from, const path& way) noexcept {
  return from[option_id::hop_limit] > static_cast<std::int64_t>(way.routers.size());
}

bool is_stranded(const socket_object& end) noexcept {
  return !has_address(end.home, end.local.address);
}

bool leads_on(const path& way, const stream& from, const stream& to) noexcept {
  return way.open && way.loss < 1 && passes_routers(from, way) && !is_stranded(from) &&
         !is_stranded(to);
}

void happen_at(time_point when, std::function<void()> what) {
  if (when <= moment())
    what();
  else
    at(when, std::move(what));
}

}  // namespace portsock::platform::memory
