// SPDX-License-Identifier: MIT

// How bytes cross a connection. They wait at the sender until they have arrived: what is lost on
// the way is sent again from there, and what the receiver has no room for stays.

#include <algorithm>

#include "packets.hpp"
#include "ports.hpp"
#include "segments.hpp"

namespace portsock::platform::memory {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;

/// After RFC 6298: what is not acknowledged is sent again, and each time it waits twice as long.
constexpr duration first_retry = milliseconds{200}, last_retry = seconds{120};
/// As on Linux (tcp_retries2): 15 minutes.
constexpr int most_tries = 15;

}  // namespace

duration doubled(duration first, int times) noexcept {
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

void happen_at(time_point when, std::function<void()> what) {
  if (when <= moment())
    what();
  else
    at(when, std::move(what));
}

namespace {

/// When a segment that leaves now is there, sent again as often as it is lost.
time_point arrival_of(stream& from, std::size_t to, std::size_t size) {
  auto& way = path_between(from.home, to);
  const auto which = flow_from(from);
  auto late = duration::zero();
  ++totals().sent;
  for (int tries = 0; way.loss > 0 && chance(which) < way.loss && tries < most_tries; ++tries) {
    ++totals().lost;
    ++totals().sent;
    ++from.segments_again;
    from.bytes_again += size;
    late += doubled((std::max)(first_retry, 2 * way.latency), tries);
  }
  return (std::max)(from.last_arrival, arrival_over(way, from.home, to, size + 40, which) + late);
}

void receive_segment(const std::shared_ptr<stream>& from, const std::shared_ptr<stream>& to,
                     std::size_t size) {
  from->under_way -= (std::min)(size, from->under_way);
  if (from->was_reset || from->now == stream::phase::failed) return;
  if (to->abandoned || to->now == stream::phase::failed || to->was_reset) {
    from->unsent.drop((std::min)(size, from->unsent.size()));
    send_reset(*to);
    return;
  }
  const auto data = from->unsent.front(size);
  if (from->urgent_sent && *from->urgent_sent - from->bytes_sent < data.size()) {
    const auto place = *from->urgent_sent - from->bytes_sent;
    from->urgent_sent.reset();
    if (to->has(option_id::out_of_band_inline)) {
      to->urgent = to->bytes_received + place;
      to->received.push(data);
      to->bytes_received += data.size();
    } else {  // out of band, where no call of the library receives it
      to->received.push(data.first(place));
      to->received.push(data.subspan(place + 1));
      to->bytes_received += data.size() - 1;
    }
  } else {
    to->received.push(data);
    to->bytes_received += data.size();
  }
  from->bytes_sent += data.size();
  from->unsent.drop(data.size());
  changed();
}

void send_end(const std::shared_ptr<stream>& from) {
  from->end_sent = true;
  const auto to = from->other;
  from->last_arrival = arrival_of(*from, to->home, 0);
  happen_at(from->last_arrival, [from, to] {
    to->end_arrived = true;
    changed();
    part_if_over(*from);
  });
}

/// The path is closed: again later.
void retry_later(const std::shared_ptr<stream>& from) {
  if (from->retries) return;
  if (from->failed_tries == most_tries) {
    fail_stream(*from, errc::timed_out);
    return;
  }
  from->retries = true;
  after(doubled(first_retry, from->failed_tries++), [from] {
    from->retries = false;
    push_on(from);
  });
}

/// Inside a host bytes are there at once, if there is room.
void move_on(stream& from, stream& to) {
  if (to.abandoned) {
    from.unsent.clear();
    return;
  }
  const auto limit = to.receive_limit();
  const auto data = from.unsent.front(limit - (std::min)(limit, to.received.size()));
  to.received.push(data);
  to.bytes_received += data.size();
  from.bytes_sent += data.size();
  from.unsent.drop(data.size());
  if (from.sending_shut && from.unsent.empty()) to.end_arrived = true;
  changed();
}

}  // namespace

void push_on(const std::shared_ptr<stream>& from) {
  const auto to = from->other;
  if (to && from->is_local()) {
    move_on(*from, *to);
    return;
  }
  if (!to || from->was_reset || from->now != stream::phase::open) return;
  auto& way = path_between(from->home, to->home);
  // Bytes that chance may hit, or that take their time, go in segments.
  const std::size_t largest = way.loss > 0 || way.bandwidth != 0 ? segment_size_over(way) : 65'536;
  for (;;) {
    const auto taken = to->abandoned ? 0 : to->received.size();
    const auto limit = to->receive_limit();
    const auto room = limit - (std::min)(limit, taken + from->under_way);
    const auto size = (std::min)({from->unsent.size() - from->under_way, room, largest});
    if (size == 0) break;
    if (!way.open) {
      retry_later(from);
      return;
    }
    from->failed_tries = 0;
    from->under_way += size;
    from->last_arrival = arrival_of(*from, to->home, size);
    const auto when = from->last_arrival;
    if (when <= moment()) {
      receive_segment(from, to, size);
      if (!from->other || from->was_reset) return;
    } else {
      at(when, [from, to, size] {
        receive_segment(from, to, size);
        push_on(from);
      });
    }
  }
  if (from->sending_shut && !from->end_sent && from->unsent.empty()) {
    if (way.open)
      send_end(from);
    else
      retry_later(from);
  }
}

readiness_state stream::state() const {
  if (now == phase::connecting) return {};
  if (now == phase::fresh) return {true, true, false, true};
  if (now == phase::failed || was_reset) return {true, true, true, true};
  const bool room = unsent.size() <= send_limit() * 2 / 3;
  return {received.size() >= low_water() || end_arrived || receiving_shut, room || sending_shut,
          false, end_arrived};
}

}  // namespace portsock::platform::memory
