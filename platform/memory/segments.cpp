// SPDX-License-Identifier: MIT

// How bytes cross a connection. They wait at the sender until they have arrived: what is lost on
// the way is sent again from there, and what the receiver has no room for stays. That they have
// arrived, and that there is room, the sender knows at once, if there is a way back.

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

flow answers_to(const stream& end) {
  constexpr std::uint8_t answer = 255;  // no protocol's number
  const auto [source, destination, protocol, from, to] = flow_from(end);
  return {destination, source, answer, to, from};
}

bool passes_routers(const socket_object& from, const path& way) noexcept {
  return from[option_id::hop_limit] > static_cast<std::int64_t>(way.routers.size());
}

bool leads_on(const path& way, const stream& from, const stream& to) noexcept {
  return way.open && way.loss < 1 && passes_routers(from, way) && !from.stranded && !to.stranded;
}

void happen_at(time_point when, std::function<void()> what) {
  if (when <= moment())
    what();
  else
    at(when, std::move(what));
}

namespace {

/// When a segment that leaves now is there, sent again as often as it is lost. Nothing if it never
/// is, which ends the stream.
std::optional<time_point> arrival_of(stream& from, std::size_t to, path& way, std::size_t size) {
  const auto which = flow_from(from);
  auto late = duration::zero();
  for (int tries = 0; gets_lost(way, which); ++tries) {
    if (tries == most_tries) {
      from.gives_up = true;
      after(late, [end = from.self()] { fail_stream(*end, errc::timed_out); });
      return std::nullopt;
    }
    ++from.segments_again;
    from.bytes_again += size;
    late += doubled((std::max)(first_retry, 2 * way.latency), tries);
  }
  return from.last_arrival = (std::max)(from.last_arrival,
                                        arrival_over(way, from.home, to, size + 40, which) + late);
}

void send_again(const std::shared_ptr<stream>& from);

/// No way leads there, or none back: again later.
void retry_later(const std::shared_ptr<stream>& from) {
  if (from->retries || from->aborted) return;
  if (from->failed_tries == most_tries) {
    fail_stream(*from, errc::timed_out);
    return;
  }
  from->retries = true;
  after(doubled(first_retry, from->failed_tries++), [from] {
    from->retries = false;
    send_again(from);
  });
}

/// Whether the sender hears what has arrived.
bool is_answered(stream& from, const stream& to) {
  const auto& back = path_between(to.home, from.home);
  if (!leads_on(back, to, from) || (back.loss > 0 && chance(answers_to(from)) < back.loss))
    return false;
  from.unacknowledged = 0;  // an answer is one to all that came before
  from.failed_tries = 0;
  return true;
}

/// Nobody receives there any more: what comes is answered by a reset.
bool is_gone(const stream& end) noexcept {
  return end.abandoned || end.was_reset || end.now == stream::phase::failed;
}

/// The receiver knows the segment already, and answers once more.
bool repeat(stream& from, stream& to) {
  const auto& way = path_between(from.home, to.home);
  ++from.segments_again;
  from.bytes_again += (std::min)(from.unacknowledged, std::size_t{segment_size_over(way)});
  if (!leads_on(way, from, to) || gets_lost(way, flow_from(from))) return false;
  if (is_gone(to)) return send_reset(to);
  if (!is_answered(from, to)) return false;
  changed();
  return true;
}

void send_again(const std::shared_ptr<stream>& from) {
  const auto to = from->other;
  if (!to || from->was_reset || from->aborted || from->now != stream::phase::open) return;
  if (from->unacknowledged != 0 && !repeat(*from, *to))
    retry_later(from);
  else
    push_on(from);
}

/// Bytes that have arrived are received, but for one that is urgent: out of band no call of the
/// library receives it.
void take_in(stream& from, stream& to, const_bytes data) {
  if (from.urgent_sent && *from.urgent_sent - from.bytes_sent < data.size()) {
    const auto place = static_cast<std::size_t>(*from.urgent_sent - from.bytes_sent);
    from.urgent_sent.reset();
    if (to.has(option_id::out_of_band_inline)) {
      to.urgent = to.bytes_received + place;
    } else {
      to.received.push(data.first(place));
      to.bytes_received += place;
      data = data.subspan(place + 1);
    }
  }
  to.received.push(data);
  to.bytes_received += data.size();
}

void receive_segment(const std::shared_ptr<stream>& from, const std::shared_ptr<stream>& to,
                     std::size_t size) {
  from->under_way -= (std::min)(size, from->under_way);
  if (from->was_reset || from->now == stream::phase::failed) return;
  const auto data = from->unsent.front(size);
  const auto count = data.size();
  if (is_gone(*to)) {
    from->unsent.drop(count);
    if (send_reset(*to)) return;
    from->unacknowledged += count;
    retry_later(from);
    return;
  }
  take_in(*from, *to, data);
  from->bytes_sent += count;
  from->unsent.drop(count);
  if (!is_answered(*from, *to)) {
    from->unacknowledged += count;
    retry_later(from);
  }
  changed();
}

void send_end(const std::shared_ptr<stream>& from, path& way) {
  from->end_sent = true;
  const auto to = from->other;
  const auto when = arrival_of(*from, to->home, way, 0);
  if (!when) return;
  happen_at(*when, [from, to] {
    to->end_arrived = true;
    changed();
    part_if_over(*from);
  });
}

/// Whether there may be another.
bool send_segment(const std::shared_ptr<stream>& from, const std::shared_ptr<stream>& to, path& way,
                  std::size_t size) {
  const auto when = arrival_of(*from, to->home, way, size);
  if (!when) return false;
  from->under_way += size;
  if (*when <= moment()) {
    receive_segment(from, to, size);
    return from->other && !from->was_reset && from->now == stream::phase::open;
  }
  at(*when, [from, to, size] {
    receive_segment(from, to, size);
    push_on(from);
  });
  return true;
}

/// How much of it may leave now.
std::size_t sendable(stream& from, const stream& to, bool hears) {
  const auto gone = from.bytes_sent + from.under_way;
  const auto taken = from.under_way + (to.abandoned ? 0 : to.received.size());
  const auto limit = to.receive_limit();
  if (hears) from.allowed = gone + limit - (std::min)(limit, taken);
  return static_cast<std::size_t>(
      (std::min)(std::uint64_t{from.unsent.size() - from.under_way}, from.allowed - gone));
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
  if (!to || from->was_reset || from->aborted || from->gives_up || from->now != stream::phase::open)
    return;
  auto& way = path_between(from->home, to->home);
  const bool leads = leads_on(way, *from, *to);
  const bool hears = leads_on(path_between(to->home, from->home), *to, *from);
  // Bytes that chance may hit, or that take their time, go in segments.
  const bool is_divided = way.loss > 0 || way.bandwidth != 0;
  const std::size_t largest = is_divided ? segment_size_over(way) : 65'536;
  for (;;) {
    const auto size = (std::min)(sendable(*from, *to, hears), largest);
    if (size == 0) break;
    if (!leads) {
      retry_later(from);
      return;
    }
    if (!send_segment(from, to, way, size)) return;
  }
  // Without answers it asks whether there is room by now.
  if (!hears && from->unsent.size() > from->under_way) retry_later(from);
  if (from->sending_shut && !from->end_sent && from->unsent.empty()) {
    if (leads)
      send_end(from, way);
    else
      retry_later(from);
  }
}

readiness_state stream::state() const {
  if (now == phase::connecting) return {};
  if (now == phase::fresh) return {true, true, false, true};
  if (now == phase::failed || was_reset) return {true, true, true, true};
  const bool room = unanswered() <= send_limit() * 2 / 3;
  return {received.size() >= low_water() || end_arrived, room || sending_shut, false, end_arrived};
}

}  // namespace portsock::platform::memory
