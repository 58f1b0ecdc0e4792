// SPDX-License-Identifier: MIT

// How connections begin: a request, which may be lost and sent again, and a listener with room.

#include "host_system.hpp"
#include "packets.hpp"
#include "ports.hpp"
#include "segments.hpp"

namespace portsock::platform {

using namespace memory;

namespace memory {
namespace {

constexpr duration first_connect_retry = std::chrono::seconds{1};
/// As on Linux (tcp_syn_retries): two minutes.
constexpr int most_connect_tries = 6;

void try_to_connect(const std::shared_ptr<stream>& from, int tries);

void refuse_connection(const std::shared_ptr<stream>& from) {
  if (from->now != stream::phase::connecting) return;
  fail_stream(*from, errc::connection_refused);
}

void try_again(const std::shared_ptr<stream>& from, int tries) {
  if (from->now != stream::phase::connecting || from->abandoned) return;
  after(doubled(first_connect_retry, tries), [from, tries] {
    if (from->now != stream::phase::connecting || from->abandoned) return;
    if (tries == most_connect_tries)
      fail_stream(*from, errc::timed_out);
    else
      try_to_connect(from, tries + 1);
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
  made->allowed = from->receive_limit();
  return made;
}

/// An end that no listener has yet, and none will have if it has gone, or the network has.
/// It holds a place with the listener.
struct unclaimed {
  unclaimed(std::shared_ptr<stream> end, std::shared_ptr<listener> place)
      : made{std::move(end)}, at{std::move(place)} {
    at->coming.push_back(made.get());
  }
  unclaimed(const unclaimed&) = delete;
  unclaimed& operator=(const unclaimed&) = delete;
  ~unclaimed() {
    if (!made) return;
    leave_listener();
    made->abandoned = made->aborted = true;  // so that a reset answers all that comes, also an end
    part_if_over(*made);
  }
  /// It waits to be accepted from now on.
  void begin_to_wait() {
    leave_listener();
    at->waiting.push_back(std::move(made));
    changed();
  }
  void leave_listener() { std::erase(at->coming, made.get()); }

  std::shared_ptr<stream> made;
  std::shared_ptr<listener> at;
};

/// The request has come to the host: there is a listener with room, or there is not.
void meet_listener(const std::shared_ptr<stream>& from, std::size_t to, int tries) {
  if (from->now != stream::phase::connecting || from->abandoned) return;
  if (!has_address(to, from->peer->address)) {  // the host has moved meanwhile
    ++totals().lost;
    try_again(from, tries);
    return;
  }
  const auto& back = path_between(to, from->home);
  const auto at_listener = find_listener(to, *from->peer, from->local);
  const bool has_room =
      !at_listener || at_listener->waiting.size() + at_listener->coming.size() < at_listener->room;
  const bool passes = !at_listener || passes_routers(*at_listener, back);
  if (!has_room || !passes || is_stranded(*from) || gets_lost(back, answers_to(*from))) {
    try_again(from, tries);  // nothing answers it
    return;
  }
  if (!at_listener) {
    happen_at(moment() + back.latency, [from, tries] {
      if (is_stranded(*from))
        try_again(from, tries);
      else
        refuse_connection(from);
    });
    return;
  }
  const auto made = other_end_of(from, *at_listener);
  const auto known = moment() + back.latency;
  happen_at(known, [from, made, tries] {
    if (from->now != stream::phase::connecting) return;
    if (from->abandoned || is_stranded(*from)) {
      be_reset(*made);
      try_again(from, tries);
      return;
    }
    from->other = made;
    from->allowed = made->receive_limit();
    from->now = stream::phase::open;
    changed();
  });
  // What the client says first comes with, or behind, what makes the connection complete.
  auto& there = path_between(from->home, to);
  const auto complete = back.latency > duration::zero() ? known + there.latency : moment();
  happen_at(complete, [end = std::make_shared<unclaimed>(made, at_listener)] {
    // The client had gone before it was complete, or the host has moved.
    if (end->made->was_reset || is_stranded(*end->made)) return;
    if (!end->at->listens) {
      send_reset(*end->made);
      return;
    }
    end->begin_to_wait();
  });
}

void try_to_connect(const std::shared_ptr<stream>& from, int tries) {
  const auto to = route(from->home, from->peer->address);
  if (!to || !*to || is_stranded(*from)) {
    try_again(from, tries);
    return;
  }
  const auto& way = path_between(from->home, **to);
  if (!passes_routers(*from, way) || gets_lost(way, flow_from(*from))) {
    try_again(from, tries);
    return;
  }
  happen_at(moment() + way.latency, [from, to = **to, tries] { meet_listener(from, to, tries); });
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
  try_to_connect(from, 0);
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
    if (!packets->bound && packets->has_port()) {
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
  changed();  // who connects inside the host waits for room
  return handle;
}

}  // namespace

result<unique_handle> accept(native_handle s) noexcept { return accept_one(s, true); }
result<unique_handle> try_accept(native_handle s) noexcept { return accept_one(s, false); }

}  // namespace portsock::platform
