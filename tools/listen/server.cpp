// SPDX-License-Identifier: MIT
#include <tools/listen/server.hpp>

#include <algorithm>

#include <tools/listen/server_limits.hpp>

namespace portsock::tools {

server::server(equipment given)
    : options_{given.options},
      complain_{given.complain},
      stop_{given.stop},
      doors_{std::move(given.doors)},
      input_{std::move(given.input)},
      ready_{std::move(given.ready)},
      tells_{std::move(given.tells)},
      takes_{std::move(given.takes)},
      reply_{std::move(given.reply)},
      through_{std::move(given.through)},
      buffer_(std::max(largest_block, given.options.largest_datagram)) {}

exit_code server::run() {
  open();
  while (!code_) {
    mind_doors();
    watch_input();
    if (code_) break;
    turn(next_timer());
    mind_timers();
  }
  if (options_.statistics.count() != 0) report();
  if (finishing_ || options_.json) {
    totals_.clients_now = clients_.size();
    tells_->stopped(totals_, std::chrono::duration<double>{clock::now() - began_}.count());
  }
  return *code_;
}

void server::turn(deadline until) {
  const auto found = ready_.wait(until);
  now_ = clock::now();
  if (!found) return end(complain_.failed("waiting", found.error()));
  // A copy, because serving one changes what is watched.
  found_.assign(found->begin(), found->end());
  for (const auto& at : found_) {
    serve(at);
    if (code_) return;
  }
}

void server::serve(const readiness& found) {
  const auto token = found.token;
  if (token == stop_token) return finish();
  if (token == input_token) return take_input();
  if (token < doors_.size()) {
    if (!doors_watched_) return;
    auto& at = doors_[static_cast<std::size_t>(token)];
    return has_datagrams(at.over()) ? hear(at) : accept(at);
  }
  if (auto* who = clients_.find(token); who && (found.can_send || found.failed))
    if (who->has_unsent()) send(token, *who);
  // Sending may have lost it.
  if (code_ || !(found.can_receive || found.failed)) return;
  if (auto* who = clients_.find(token); who && who->watched && *who->watched != interest::send)
    receive(token, *who);
}

// --- time

deadline server::next_timer() const {
  auto next = clock::time_point::max();
  if (resume_at_) next = std::min(next, resume_at_->moment());
  if (options_.statistics.count() != 0) next = std::min(next, next_report_);
  if (!idle_checks_.empty()) next = std::min(next, idle_checks_.top().first);
  if (patience_ends_) next = std::min(next, *patience_ends_);
  if (!marked_.empty()) next = std::min(next, next_mark_check_);
  return deadline::at(next);
}

void server::mind_timers() {
  if (code_) return;
  if (resume_at_ && resume_at_->has_passed()) resume_at_.reset();
  if (options_.statistics.count() != 0 && now_ >= next_report_) report();
  close_idle();
  if (!marked_.empty() && now_ >= next_mark_check_) mind_marks(false);
  if (patience_ends_ && now_ >= *patience_ends_) {
    patience_ends_.reset();
    if (auto* who = clients_.find(partner_)) leave(partner_, *who, ending::closed);
  }
}

void server::report() {
  totals_.clients_now = clients_.size();
  const auto moved = totals_.received + totals_.sent;
  const std::chrono::duration<double> since_last = now_ - (next_report_ - options_.statistics);
  tells_->statistics(totals_, std::chrono::duration<double>{now_ - began_}.count(),
                     static_cast<double>(moved - reported_) / since_last.count());
  reported_ = moved;
  next_report_ = now_ + options_.statistics;
}

/// Each client has one entry, which is put off when the client turns out to have been active.
void server::close_idle() {
  while (!code_ && !idle_checks_.empty() && idle_checks_.top().first <= now_) {
    const auto token = idle_checks_.top().second;
    idle_checks_.pop();
    auto* who = clients_.find(token);
    if (!who) continue;
    const auto due = who->active + options_.idle;
    if (due <= now_)
      leave(token, *who, ending::idle);
    else
      idle_checks_.emplace(due, token);
  }
}

/// Who has paused, or all of them, may be keeping a rest that is below the mark.
void server::mind_marks(bool all) {
  next_mark_check_ = now_ + bulk_mark::longest_pause;
  for (const auto token : std::exchange(marked_, {})) {
    auto* who = clients_.find(token);
    if (!who || code_) continue;
    if (!all && now_ - who->active < bulk_mark::longest_pause) {
      marked_.push_back(token);
      continue;
    }
    who->mark.lower(who->socket);
    if (!who->receive_ended) receive(token, *who);
  }
}

// --- the end

/// What has arrived is still taken, and what was begun is sent, for a while: then everybody leaves.
void server::finish() {
  finishing_ = true;
  static_cast<void>(ready_.remove(stop_));
  close_doors();
  mind_marks(true);
  clients_.for_each([this](std::uint64_t token, client&) { receive_rest(token); });
  const auto until = deadline::in(last_wait);
  const auto waits = [this] {
    bool any = false;
    clients_.for_each([&](std::uint64_t token, client& who) {
      if (!who.has_unsent()) return leave(token, who, ending::stopped);
      who.receive_ended = true;
      watch(token, who);
      any = true;
    });
    return any;
  };
  while (!code_ && waits() && !until.has_passed()) turn(until);
  clients_.for_each(
      [this](std::uint64_t token, client& who) { leave(token, who, ending::stopped); });
  end(exit_code::ok);
}

void server::receive_rest(std::uint64_t token) {
  for (int round = 0; round < last_rounds && !code_; ++round) {
    auto* who = clients_.find(token);
    if (!who || who->receive_ended || who->has_unsent()) return;
    const auto before = who->who.received;
    receive(token, *who);
    who = clients_.find(token);
    if (!who || who->who.received == before) return;
  }
}

void server::not_written() { end(complain_.failed(takes_->what(), "cannot be written")); }

}  // namespace portsock::tools
