// SPDX-License-Identifier: MIT

// How connections end: by a reset, by nobody's holding them any more, or because they fail.

#include "ports.hpp"
#include "segments.hpp"

namespace portsock::platform::memory {

void fail_stream(stream& end, errc reason) {
  end.now = stream::phase::failed;
  end.pending = system_reason(reason);
  end.unsent.clear();
  changed();
}

void be_reset(stream& end) {
  if (end.was_reset || end.now == stream::phase::failed) return;
  end.was_reset = true;
  end.unsent.clear();
  end.pending = system_reason(errc::connection_reset);
  changed();
}

bool send_reset(stream& end) {
  if (!end.other) return true;
  const auto& way = path_between(end.home, end.other->home);
  if (!leads_on(way, end, *end.other) || gets_lost(way, flow_from(end))) return false;
  happen_at((std::max)(end.last_arrival, moment() + way.latency), [other = end.other] {
    if (!is_stranded(*other)) {
      be_reset(*other);
      return;
    }
    ++totals().lost;  // its host has moved meanwhile
    if (other->unacknowledged != 0) retry_later(other);
  });
  return true;
}

void abort_stream(stream& end) {
  end.aborted = true;
  end.unsent.keep(end.under_way);
  end.unacknowledged = 0;
  if (!end.was_reset) send_reset(end);  // else the peer has gone already
}

void part_if_over(stream& one) {
  const auto other = one.other;
  if (!other || !one.abandoned || !other->abandoned) return;
  one.other = nullptr;
  other->other = nullptr;
}

void reset_both(stream& one) {
  const auto other = one.other;
  be_reset(one);
  if (other) be_reset(*other);
}

namespace {

/// As on Linux: what the peer has said already arrives, and what it has not read is told by a
/// reset.
void part_inside_host(stream& gone, stream& left) {
  left.unsent.clear();
  gone.sending_shut = true;
  push_on(gone.self());
  if (!gone.received.empty()) be_reset(left);
}

}  // namespace

void stream::let_go() {
  leave_port(*this);
  abandoned = true;
  const auto me = self();
  if (other && is_local()) {
    part_inside_host(*this, *other);
  } else if (other && now == phase::open) {
    if (has(option_id::close_mode) || !received.empty()) {
      abort_stream(*this);
    } else if (!was_reset) {
      sending_shut = true;
      push_on(me);
    }
  }
  received.clear();
  for (auto& each : std::exchange(passed, {})) drop(each.named);
  part_if_over(*this);
}

void listener::let_go() {
  leave_port(*this);
  listens = false;
  for (const auto& each : waiting) {
    if (each->is_local()) {
      if (each->other) be_reset(*each->other);
      each->let_go();
      continue;
    }
    each->abandoned = true;
    abort_stream(*each);
    part_if_over(*each);
  }
  waiting.clear();
}

}  // namespace portsock::platform::memory
