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

/// After RFC 6298: what is not acknowledged is sent again, and each time it waits twice as long.
constexpr duration first_retry = std::chrono::milliseconds{200};
/// As on Linux (tcp_retries2): 15 minutes.
constexpr int most_tries = 15;

/// Whether a segment that leaves now gets lost; it is counted.
bool loses_segment(const path& way, const stream& from, const stream& to) {
  if (leads_on(way, from, to)) return gets_lost(way, flow_from(from));
  ++totals().sent;
  ++totals().lost;
  return true;
}

bool is_over(const stream& from) noexcept {
  return !from.other || from.was_reset || from.aborted || from.now != stream::phase::open;
}

void send_again(const std::shared_ptr<stream>& from);

}  // namespace

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

namespace {

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
  if (loses_segment(way, from, to)) return false;
  if (is_gone(to)) return send_reset(to);
  if (!is_answered(from, to)) return false;
  changed();
  return true;
}

void send_again(const std::shared_ptr<stream>& from) {
  if (is_over(*from)) return;
  if (from->unacknowledged != 0 && !repeat(*from, *from->other))
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

/// Nobody is there who would receive it. The reset may get lost.
void refuse_segment(const std::shared_ptr<stream>& from, stream& to, std::size_t size) {
  from->unacknowledged += size;
  if (!send_reset(to)) retry_later(from);
}

void receive_data(const std::shared_ptr<stream>& from, stream& to, std::size_t size) {
  const auto data = from->unsent.front(size);
  const auto count = data.size();
  if (is_gone(to)) {
    from->unsent.drop(count);
    refuse_segment(from, to, count);
    return;
  }
  take_in(*from, to, data);
  from->bytes_sent += count;
  from->unsent.drop(count);
  if (!is_answered(*from, to)) {
    from->unacknowledged += count;
    retry_later(from);
  }
}

/// Who has closed before answers it as ever.
void receive_end(const std::shared_ptr<stream>& from, stream& to) {
  if (to.aborted || to.now == stream::phase::failed)
    refuse_segment(from, to, 1);  // it has a number, as bytes have
  else
    to.end_arrived = true;
  part_if_over(*from);
}

/// It has come, and may be the one that others have waited for.
void come_in(const std::shared_ptr<stream>& from, segment& what) {
  const auto to = from->other;
  what.arrived = true;
  while (!from->segments.empty() && from->segments.front()->arrived) {
    const auto next = std::move(from->segments.front());
    from->segments.pop_front();
    from->under_way -= next->size;
    if (!to || from->was_reset || from->now == stream::phase::failed) continue;
    if (next->ends)
      receive_end(from, *to);
    else
      receive_data(from, *to, next->size);
  }
  changed();
}

void try_to_send(const std::shared_ptr<stream>& from, const std::shared_ptr<segment>& what);

/// It has got lost, and each time the next try waits twice as long.
void send_later(const std::shared_ptr<stream>& from, const std::shared_ptr<segment>& what,
                duration latency) {
  if (what->failed_tries == most_tries) {
    fail_stream(*from, errc::timed_out);
    return;
  }
  after(doubled((std::max)(first_retry, 2 * latency), what->failed_tries++), [from, what] {
    if (is_over(*from)) return;
    ++from->segments_again;
    from->bytes_again += what->size;
    try_to_send(from, what);
    push_on(from);
  });
}

/// It meets what the path is now.
void try_to_send(const std::shared_ptr<stream>& from, const std::shared_ptr<segment>& what) {
  const auto& to = *from->other;
  auto& way = path_between(from->home, to.home);
  if (loses_segment(way, *from, to)) {
    send_later(from, what, way.latency);
    return;
  }
  const auto when = arrival_over(way, from->home, to.home, what->size + 40, flow_from(*from));
  from->last_arrival = (std::max)(from->last_arrival, when);
  if (from->last_arrival <= moment()) {
    come_in(from, *what);
    return;
  }
  at(from->last_arrival, [from, what, latency = way.latency] {
    if (from->other && is_stranded(*from->other)) {  // its host has moved meanwhile
      ++totals().lost;
      send_later(from, what, latency);
      return;
    }
    come_in(from, *what);
    push_on(from);
  });
}

void send_segment(const std::shared_ptr<stream>& from, std::size_t size, bool ends = false) {
  const auto made = std::make_shared<segment>(segment{.size = size, .ends = ends});
  from->segments.push_back(made);
  from->under_way += size;
  try_to_send(from, made);
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
  if (is_over(*from)) return;
  const auto& way = path_between(from->home, to->home);
  const bool hears = leads_on(path_between(to->home, from->home), *to, *from);
  // Each partition is given its own time, also where there is still no room.
  if (hears && from->unacknowledged == 0) from->failed_tries = 0;
  // Bytes that chance may hit, or that take their time, go in segments.
  const bool is_divided = way.loss > 0 || way.bandwidth != 0;
  const std::size_t largest = is_divided ? segment_size_over(way) : 65'536;
  while (!is_over(*from)) {
    const auto size = (std::min)(sendable(*from, *to, hears), largest);
    if (size == 0) break;
    send_segment(from, size);
  }
  if (is_over(*from)) return;
  const bool all_sent = from->unsent.size() == from->under_way;
  // Without answers it asks whether there is room by now.
  if (!hears && !all_sent) retry_later(from);
  if (from->sending_shut && !from->end_sent && all_sent) {
    from->end_sent = true;
    send_segment(from, 0, true);
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
