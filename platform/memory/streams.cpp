// SPDX-License-Identifier: MIT

// The calls of a connection.

#include <algorithm>
#include <iterator>

#include "host_system.hpp"
#include "packets.hpp"
#include "segments.hpp"

namespace portsock::platform {

using namespace memory;

namespace memory {

void drop(std::vector<object_ref>& handles) {
  for (const auto& each : std::exchange(handles, {})) let_go_of(*each);
}

result<std::size_t> send_some(guard& held, native_handle s, std::span<const const_bytes> data,
                              bool waits, std::vector<object_ref> handles, bool urgent) {
  const auto found = find_as<stream>(s);
  if (!found) return found.failure();
  auto& from = **found;
  std::size_t wanted = 0;
  for (const auto& part : data) wanted += part.size();
  for (;;) {
    if (from.was_reset) return refuse(errc::connection_reset);
    if (from.is_unheard()) return refuse(errc::connection_reset);
    if (from.now == stream::phase::failed && from.pending)
      return fail(*std::exchange(from.pending, std::nullopt));
    if (from.sending_shut) return refuse(errc::broken_pipe);
    if (from.now != stream::phase::open) return refuse(errc::not_connected);
    if (wanted == 0) return 0u;
    auto room = from.send_limit() - (std::min)(from.send_limit(), from.unanswered());
    if (room != 0) {
      if (!handles.empty()) {
        for (const auto& each : handles) ++each->handles;
        from.other->passed.push_back({from.bytes_sent + from.unsent.size(), std::move(handles)});
      }
      if (urgent) from.urgent_sent = from.bytes_sent + from.unsent.size();
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

namespace {

/// How much of what is there comes at once: not beyond urgent data, nor beyond where the next
/// handles are, so that both are found.
std::size_t most_at_once(stream& at, std::uint64_t position) {
  auto most = at.received.size();
  if (at.urgent && *at.urgent > position)
    most = (std::min)(most, static_cast<std::size_t>(*at.urgent - position));
  else if (at.urgent && *at.urgent < position)
    at.urgent.reset();
  const auto next = std::ranges::find_if(
      at.passed, [position](const auto& each) { return each.position > position; });
  if (next != at.passed.end())
    most = (std::min)(most, static_cast<std::size_t>(next->position - position));
  return most;
}

/// Moves it to the buffers, and the handles that have come with it to `handles`, or nowhere.
std::size_t take_received(stream& at, std::span<const mutable_bytes> buffers,
                          std::vector<object_ref>* handles) {
  const auto position = at.bytes_received - at.received.size();
  const auto most = most_at_once(at, position);
  std::size_t taken = 0;
  for (const auto& part : buffers)
    taken += at.received.pop(part.first((std::min)(part.size(), most - taken)));
  if (at.urgent && *at.urgent < position + taken) at.urgent.reset();
  while (!at.passed.empty() && at.passed.front().position < position + taken) {
    auto came = std::move(at.passed.front().named);
    at.passed.pop_front();
    if (handles != nullptr)
      std::ranges::move(came, std::back_inserter(*handles));
    else
      drop(came);
  }
  if (at.other) {
    // The news of the room takes its time.
    const auto late =
        at.is_local() ? duration::zero() : path_between(at.home, at.other->home).latency;
    happen_at(moment() + late, [other = at.other] { push_on(other); });
  }
  return taken;
}

}  // namespace

result<std::size_t> receive_some(guard& held, native_handle s,
                                 std::span<const mutable_bytes> buffers, bool waits,
                                 std::vector<object_ref>* handles) {
  const auto found = find_as<stream>(s);
  if (!found) return found.failure();
  auto& at = **found;
  buffers = buffers.first((std::min)(buffers.size(), max_buffers));
  if (std::ranges::all_of(buffers, &mutable_bytes::empty)) return 0u;
  for (;;) {
    // What has come is there also after the connection's end, as on Linux.
    const bool is_over = at.end_arrived || at.was_reset || at.now == stream::phase::failed;
    const bool enough = at.received.size() >= at.low_water() || !waits || !at.blocking;
    if (!at.received.empty() && (enough || is_over)) return take_received(at, buffers, handles);
    if (at.now == stream::phase::failed && at.pending)
      return fail(*std::exchange(at.pending, std::nullopt));
    if (at.now != stream::phase::open) return refuse(errc::not_connected);
    if (at.was_reset) return refuse(errc::connection_reset);
    if (at.end_arrived) return 0u;
    if (!waits || !at.blocking) return refuse(errc::would_block);
    wait_for(held, [&at] { return at.state().can_receive; });
  }
}

namespace {

std::int64_t bare(const result<std::size_t>& outcome) {
  if (outcome) return static_cast<std::int64_t>(*outcome);
  set_last_failure(outcome.error());
  return -1;
}

}  // namespace
}  // namespace memory

result<> shutdown_sending(native_handle s) noexcept {
  const auto held = enter();
  const auto found = find_as<stream>(s);
  if (!found) return found.failure();
  auto& end = **found;
  if (end.now != stream::phase::open || end.was_reset) return refuse(errc::not_connected);
  end.sending_shut = true;
  push_on(*found);
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

result<> send_urgent(native_handle s, std::byte what, patience waits) noexcept {
  auto held = enter();
  const auto found = find_as<stream>(s);
  if (!found) return found.failure();
  if ((*found)->is_local()) return refuse(errc::not_supported);
  const const_bytes one{&what, 1};
  const auto sent = send_some(held, s, {&one, 1}, waits == patience::of_the_socket, {}, true);
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
  if (end.is_local()) return refuse(errc::not_supported);
  if (!end.other) return refuse(errc::not_connected);
  const auto& there = path_between(end.home, end.other->home);
  const auto& back = path_between(end.other->home, end.home);
  const auto least = (std::max)(microseconds{1}, ceil<microseconds>(there.latency + back.latency));
  return stream_statistics{
      .round_trip = least + ceil<microseconds>(there.jitter + back.jitter) / 2,
      .round_trip_variation = ceil<microseconds>(there.jitter + back.jitter) / 4,
      .least_round_trip = least,
      .congestion_window = static_cast<std::uint64_t>(end.send_limit()),
      .segment_size = segment_size_over(there),
      .retransmitted_segments = end.segments_again,
      .retransmitted_bytes = end.bytes_again,
      .bytes_sent = end.bytes_sent + end.bytes_again,
      .bytes_received = end.bytes_received};
}

}  // namespace portsock::platform
