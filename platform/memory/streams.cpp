// SPDX-License-Identifier: MIT

// Connections. Bytes wait at the sender until they have arrived: what is lost on the way is sent
// again from there, and what the receiver has no room for stays.

#include <algorithm>

#include "host_system.hpp"
#include "packets.hpp"
#include "ports.hpp"

namespace portsock::platform {

using namespace memory;

namespace memory {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;

/// After RFC 6298: what is not acknowledged is sent again, and each time it waits twice as long.
constexpr duration first_retry = milliseconds{200}, last_retry = seconds{120};
constexpr duration first_connect_retry = seconds{1};
/// As on Linux (tcp_retries2, tcp_syn_retries): 15 minutes, two minutes.
constexpr int most_tries = 15, most_connect_tries = 6;

duration doubled(duration first, int times) noexcept {
  for (; times > 0 && first < last_retry; --times) first *= 2;
  return (std::min)(first, last_retry);
}

flow flow_from(const stream& end) {
  const auto to = end.peer.value_or(endpoint{end.local.address, 0});
  return {end.local.address, to.address, tcp, end.local.port, to.port};
}

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

void happen_at(time_point when, std::function<void()> what) {
  if (when <= moment())
    what();
  else
    at(when, std::move(what));
}

void fail_stream(stream& end, errc reason) {
  end.now = stream::phase::failed;
  end.pending = system_reason(reason);
  end.unsent.clear();
  changed();
}

/// What it means to a connection that its other end has told it is gone.
void be_reset(stream& end) {
  if (end.was_reset || end.now == stream::phase::failed) return;
  end.was_reset = true;
  end.unsent.clear();
  end.pending = system_reason(errc::connection_reset);
  changed();
}

void send_reset(stream& end) {
  if (!end.other) return;
  auto& way = path_between(end.home, end.other->home);
  if (!way.open) return;
  happen_at((std::max)(end.last_arrival, moment() + way.latency),
            [other = end.other] { be_reset(*other); });
}

void part_if_over(stream& one) {
  const auto other = one.other;
  if (!other || !one.abandoned || !other->abandoned) return;
  one.other = nullptr;
  other->other = nullptr;
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
  push_on(from);
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

}  // namespace

void push_on(const std::shared_ptr<stream>& from) {
  const auto to = from->other;
  if (!to || from->was_reset || from->now != stream::phase::open) return;
  auto& way = path_between(from->home, to->home);
  // Bytes that chance may hit, or that take their time, go in segments.
  const std::size_t largest = way.loss > 0 || way.bandwidth != 0 ? way.mtu - 40 : 65'536;
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
      at(when, [from, to, size] { receive_segment(from, to, size); });
    }
  }
  if (from->sending_shut && !from->end_sent && from->unsent.empty()) {
    if (way.open)
      send_end(from);
    else
      retry_later(from);
  }
}

void reset_both(stream& one) {
  const auto other = one.other;
  be_reset(one);
  if (other) be_reset(*other);
}

readiness_state stream::state() const {
  if (now == phase::connecting) return {};
  if (now == phase::fresh) return {true, true, false, true};
  if (now == phase::failed || was_reset) return {true, true, true, true};
  const bool room = unsent.size() <= send_limit() * 2 / 3;
  return {received.size() >= low_water() || end_arrived || receiving_shut, room || sending_shut,
          false, end_arrived};
}

void stream::let_go() {
  leave_port(*this);
  abandoned = true;
  const auto me = self();
  if (other && now == phase::open) {
    if (has(option_id::close_mode) || !received.empty()) {
      unsent.clear();
      send_reset(*this);
    } else if (!was_reset) {
      sending_shut = true;
      push_on(me);
    }
  }
  received.clear();
  part_if_over(*this);
}

void listener::let_go() {
  leave_port(*this);
  listens = false;
  for (const auto& each : waiting) {
    each->abandoned = true;
    send_reset(*each);
    part_if_over(*each);
  }
  waiting.clear();
}

// --- connecting

namespace {

void try_to_connect(const std::shared_ptr<stream>& from, std::optional<std::size_t> to, int tries);

void refuse_connection(const std::shared_ptr<stream>& from) {
  if (from->now != stream::phase::connecting) return;
  fail_stream(*from, errc::connection_refused);
}

void try_again(const std::shared_ptr<stream>& from, std::optional<std::size_t> to, int tries) {
  if (from->now != stream::phase::connecting || from->abandoned) return;
  after(doubled(first_connect_retry, tries), [from, to, tries] {
    if (from->now != stream::phase::connecting || from->abandoned) return;
    if (tries == most_connect_tries)
      fail_stream(*from, errc::timed_out);
    else
      try_to_connect(from, to, tries + 1);
  });
}

/// The listener's end of a connection, as it will be accepted.
std::shared_ptr<stream> other_end_of(const std::shared_ptr<stream>& from, const listener& at) {
  auto made = std::make_shared<stream>(at.of, kind::stream, tcp);
  made->home = at.home;
  made->options = at.options;
  made->local = *from->peer;
  made->peer = from->local;
  made->now = stream::phase::open;
  made->other = from;
  return made;
}

/// The request has come to the host: there is a listener with room, or there is not.
void meet_listener(const std::shared_ptr<stream>& from, std::size_t to, int tries) {
  if (from->now != stream::phase::connecting || from->abandoned) return;
  auto& back = path_between(to, from->home);
  const auto at_listener = find_listener(to, *from->peer, from->local);
  if (!at_listener) {
    if (back.open)
      happen_at(moment() + back.latency, [from] { refuse_connection(from); });
    else
      try_again(from, to, tries);
    return;
  }
  if (at_listener->waiting.size() >= at_listener->room || !back.open) {
    try_again(from, to, tries);  // it is left without an answer
    return;
  }
  const auto made = other_end_of(from, *at_listener);
  const auto known = moment() + back.latency;
  happen_at(known, [from, made] {
    if (from->now != stream::phase::connecting) return;
    if (from->abandoned) {
      be_reset(*made);
      return;
    }
    from->other = made;
    from->now = stream::phase::open;
    changed();
  });
  // What the client says first comes with, or behind, what makes the connection complete.
  auto& there = path_between(from->home, to);
  const auto complete = back.latency > duration::zero() ? known + there.latency : moment();
  happen_at(complete, [made, at_listener] {
    if (!at_listener->listens) {
      made->abandoned = true;
      send_reset(*made);
      return;
    }
    at_listener->waiting.push_back(made);
    changed();
  });
}

void try_to_connect(const std::shared_ptr<stream>& from, std::optional<std::size_t> to, int tries) {
  if (!to) {
    try_again(from, to, tries);
    return;
  }
  auto& way = path_between(from->home, *to);
  ++totals().sent;
  if (!way.open || (way.loss > 0 && chance(flow_from(*from)) < way.loss)) {
    ++totals().lost;
    try_again(from, to, tries);
    return;
  }
  happen_at(moment() + way.latency, [from, to = *to, tries] { meet_listener(from, to, tries); });
}

result<> begin_to_connect(const std::shared_ptr<stream>& from, endpoint peer) {
  switch (from->now) {
    case stream::phase::connecting:
      return refuse(errc::already_in_progress);
    case stream::phase::open:
      return refuse(errc::already_connected);
    default:
      break;
  }
  if (is_unspecified(peer.address)) peer.address = loopback(family_of(peer.address));
  if (family_of(peer.address) != from->of && !from->takes_v4())
    return refuse(errc::network_unreachable);
  if (is_multicast(peer.address)) return refuse(errc::network_unreachable);
  const auto to = route(from->home, peer.address);
  if (!to) return to.failure();
  const auto source = source_for(from->home, peer.address);
  if (!source) return source.failure();
  if (!from->bound) {
    if (const auto bound = take_any_port(*from, *source); !bound) return bound.failure();
  } else if (is_unspecified(from->local.address)) {
    from->local.address = *source;
  }
  from->peer = peer;
  from->pending.reset();
  from->now = stream::phase::connecting;
  try_to_connect(from, *to, 0);
  return {};
}

/// How an attempt has ended, if it has.
result<> outcome_of(const std::shared_ptr<stream>& from) {
  if (from->now == stream::phase::open) return {};
  if (from->now == stream::phase::failed) {
    const auto reason = std::exchange(from->pending, std::nullopt);
    return fail(reason.value_or(system_reason(errc::connection_refused)));
  }
  return refuse(errc::in_progress);
}

// --- bytes

result<std::size_t> send_some(guard& held, native_handle s, std::span<const const_bytes> data,
                              bool waits) {
  const auto found = find_as<stream>(s);
  if (!found) return found.failure();
  auto& from = **found;
  std::size_t wanted = 0;
  for (const auto& part : data) wanted += part.size();
  for (;;) {
    if (from.was_reset) return refuse(errc::connection_reset);
    if (from.now == stream::phase::failed && from.pending)
      return fail(*std::exchange(from.pending, std::nullopt));
    if (from.sending_shut) return refuse(errc::broken_pipe);
    if (from.now != stream::phase::open) return refuse(errc::not_connected);
    if (wanted == 0) return 0u;
    auto room = from.send_limit() - (std::min)(from.send_limit(), from.unsent.size());
    if (room != 0) {
      std::size_t taken = 0;
      for (const auto& part : data.first((std::min)(data.size(), max_buffers))) {
        const auto now = part.first((std::min)(part.size(), room));
        from.unsent.push(now);
        taken += now.size();
        room -= now.size();
      }
      push_on(*found);
      return taken;
    }
    if (!waits || !from.blocking) return refuse(errc::would_block);
    wait_for(held, [&from] { return from.state().can_send || from.now != stream::phase::open; });
  }
}

result<std::size_t> receive_some(guard& held, native_handle s,
                                 std::span<const mutable_bytes> buffers, bool waits) {
  const auto found = find_as<stream>(s);
  if (!found) return found.failure();
  auto& at = **found;
  buffers = buffers.first((std::min)(buffers.size(), max_buffers));
  std::size_t room = 0;
  for (const auto& part : buffers) room += part.size();
  if (room == 0) return 0u;
  for (;;) {
    if (at.now == stream::phase::failed && at.pending)
      return fail(*std::exchange(at.pending, std::nullopt));
    if (at.now != stream::phase::open) return refuse(errc::not_connected);
    if (at.receiving_shut) return 0u;
    const bool enough = at.received.size() >= at.low_water() || !waits || !at.blocking;
    if (!at.received.empty() && (enough || at.end_arrived || at.was_reset)) {
      // Not beyond urgent data, so that it is found.
      const auto position = at.bytes_received - at.received.size();
      auto most = at.received.size();
      if (at.urgent && *at.urgent > position)
        most = (std::min)(most, static_cast<std::size_t>(*at.urgent - position));
      else if (at.urgent && *at.urgent < position)
        at.urgent.reset();
      std::size_t taken = 0;
      for (const auto& part : buffers) {
        const auto now = at.received.pop(part.first((std::min)(part.size(), most - taken)));
        taken += now;
      }
      if (at.urgent && *at.urgent < position + taken) at.urgent.reset();
      if (at.other) {
        // The news of the room takes its time.
        auto& way = path_between(at.home, at.other->home);
        happen_at(moment() + way.latency, [other = at.other] { push_on(other); });
      }
      return taken;
    }
    if (at.was_reset) return refuse(errc::connection_reset);
    if (at.end_arrived) return 0u;
    if (!waits || !at.blocking) return refuse(errc::would_block);
    wait_for(held, [&at] { return at.state().can_receive; });
  }
}

std::int64_t bare(const result<std::size_t>& outcome) {
  if (outcome) return static_cast<std::int64_t>(*outcome);
  set_last_failure(outcome.error());
  return -1;
}

}  // namespace
}  // namespace memory

result<> connect(native_handle s, const native_endpoint& peer) noexcept {
  auto held = enter();
  const auto socket = socket_of(s);
  if (!socket) return socket.failure();
  const auto to = peer.to_endpoint();
  if (auto* packets = dynamic_cast<packet_socket*>(socket->get())) {
    if (family_of(to.address) != packets->of && !packets->takes_v4())
      return refuse(errc::family_not_supported);
    const auto there = route(packets->home, to.address);
    if (!there) return there.failure();
    const auto source = source_for(packets->home, to.address);
    if (!source) return source.failure();
    if (!packets->bound && packets->protocol == udp) {
      if (const auto bound = take_any_port(*packets, *source); !bound) return bound.failure();
    } else if (is_unspecified(packets->local.address)) {
      packets->local.address = *source;
    }
    packets->peer = to;
    return {};
  }
  const auto from = find_as<stream>(s);
  if (!from) return from.failure();
  if (const auto began = begin_to_connect(*from, to); !began) return began;
  if ((*from)->blocking)
    wait_for(held, [&from] { return (*from)->now != stream::phase::connecting; });
  return outcome_of(*from);
}

result<> listen(native_handle s, int backlog) noexcept {
  const auto held = enter();
  const auto at = find_as<listener>(s);
  if (!at) return at.failure();
  if (!(*at)->bound)
    if (const auto bound = take_any_port(**at, any((*at)->of)); !bound) return bound.failure();
  (*at)->listens = true;
  (*at)->room = backlog > 0 ? static_cast<std::size_t>(backlog) + 1 : 4096;
  return {};
}

namespace {

result<unique_handle> accept_one(native_handle s, bool waits) noexcept {
  auto held = enter();
  const auto at = find_as<listener>(s);
  if (!at) return at.failure();
  auto& from = **at;
  if (!from.listens) return refuse(errc::invalid_argument);
  while (from.waiting.empty()) {
    if (!waits || !from.blocking) return refuse(errc::would_block);
    wait_for(held, [&from] { return !from.waiting.empty(); });
  }
  const auto next = from.waiting.front();
  auto handle = new_handle(next);
  if (handle) from.waiting.pop_front();
  return handle;
}

}  // namespace

result<unique_handle> accept(native_handle s) noexcept { return accept_one(s, true); }
result<unique_handle> try_accept(native_handle s) noexcept { return accept_one(s, false); }

result<> shutdown(native_handle s, direction which) noexcept {
  const auto held = enter();
  const auto found = find_as<stream>(s);
  if (!found) return found.failure();
  auto& end = **found;
  if (end.now != stream::phase::open || end.was_reset) return refuse(errc::not_connected);
  if (which != direction::send) end.receiving_shut = true;
  if (which != direction::receive) {
    end.sending_shut = true;
    push_on(*found);
  }
  changed();
  return {};
}

std::int64_t bare_send(native_handle s, const void* data, std::size_t size) {
  auto held = enter();
  if (!std::dynamic_pointer_cast<stream>(find_object(s))) {
    held.unlock();
    return bare_send_datagram(s, data, size);
  }
  const const_bytes part{static_cast<const std::byte*>(data), size};
  return bare(send_some(held, s, {&part, 1}, true));
}
result<std::size_t> send(native_handle s, std::span<const const_bytes> data) noexcept {
  auto held = enter();
  return send_some(held, s, data, true);
}
result<std::size_t> try_send(native_handle s, std::span<const const_bytes> data) noexcept {
  auto held = enter();
  return send_some(held, s, data, false);
}

std::int64_t bare_receive(native_handle s, void* buffer, std::size_t size) {
  auto held = enter();
  const mutable_bytes part{static_cast<std::byte*>(buffer), size};
  return bare(receive_some(held, s, {&part, 1}, true));
}
result<std::size_t> receive(native_handle s, std::span<const mutable_bytes> buffers) noexcept {
  auto held = enter();
  return receive_some(held, s, buffers, true);
}
result<std::size_t> try_receive(native_handle s, std::span<const mutable_bytes> buffers) noexcept {
  auto held = enter();
  return receive_some(held, s, buffers, false);
}

result<> send_urgent(native_handle s, std::byte what) noexcept {
  auto held = enter();
  const auto found = find_as<stream>(s);
  if (!found) return found.failure();
  auto& from = **found;
  if (!from.sending_shut && !from.was_reset)
    from.urgent_sent = from.bytes_sent + from.unsent.size();
  const const_bytes one{&what, 1};
  const auto sent = send_some(held, s, {&one, 1}, true);
  if (!sent) return sent.failure();
  return {};
}

result<bool> is_at_mark(native_handle s) noexcept {
  const auto held = enter();
  const auto found = find_as<stream>(s);
  if (!found) return found.failure();
  const auto& at = **found;
  return at.urgent == at.bytes_received - at.received.size();
}

result<std::size_t> available(native_handle s) noexcept {
  const auto held = enter();
  const auto found = find_as<stream>(s);
  if (!found) return found.failure();
  return (*found)->received.size();
}

result<stream_statistics> statistics_of(native_handle s) noexcept {
  using std::chrono::ceil;
  using std::chrono::microseconds;
  const auto held = enter();
  const auto found = find_as<stream>(s);
  if (!found) return found.failure();
  const auto& end = **found;
  if (!end.other) return refuse(errc::not_connected);
  const auto& there = path_between(end.home, end.other->home);
  const auto& back = path_between(end.other->home, end.home);
  const auto least = (std::max)(microseconds{1}, ceil<microseconds>(there.latency + back.latency));
  return stream_statistics{
      .round_trip = least + ceil<microseconds>(there.jitter + back.jitter) / 2,
      .round_trip_variation = ceil<microseconds>(there.jitter + back.jitter) / 4,
      .least_round_trip = least,
      .congestion_window = static_cast<std::uint64_t>(end.send_limit()),
      .segment_size = there.mtu - 40,
      .retransmitted_segments = end.segments_again,
      .retransmitted_bytes = end.bytes_again,
      .bytes_sent = end.bytes_sent + end.bytes_again,
      .bytes_received = end.bytes_received};
}

}  // namespace portsock::platform
