// SPDX-License-Identifier: MIT
#include <algorithm>

#include <tools/listen/server.hpp>
#include <tools/listen/server_limits.hpp>

namespace portsock::tools {

// --- what comes

void server::receive(std::uint64_t token, client& who) {
  auto room = mutable_bytes{buffer_}.first(options_.echo ? largest_echo : largest_block);
  if (options_.most_bytes != 0)
    room = room.first(static_cast<std::size_t>(
        std::min<std::uint64_t>(room.size(), options_.most_bytes - who.who.received)));
  if (who.plenty) return receive_plenty(token, who, room.size());
  const auto got = who.socket.receive(room);
  if (!got && got.error() == errc::would_block) return;
  if (!got) return lost(token, who, got.error());
  who.active = now_;
  if (*got == 0) return received_all(token, who);
  who.plenty = through_ && *got >= plenty;
  mark(token, who, *got);
  received(token, who, const_bytes{room}.first(*got));
}

/// From the socket to standard output inside the system. What was taken from it is written before
/// anything else, for others write there, too.
void server::receive_plenty(std::uint64_t token, client& who, std::size_t most) {
  auto done = through_->move(who.socket, options_.output_handle, most, deadline::now());
  if (const auto held = through_->held(); held != 0) {
    const auto rest = through_->move(who.socket, options_.output_handle, held);
    done = {done.size + rest.size, rest.reason, rest.at};
  }
  who.active = now_;
  who.who.received += done.size;
  totals_.received += done.size;
  who.plenty = done.size >= plenty;
  mark(token, who, static_cast<std::size_t>(done.size));
  const bool well = !done.reason || *done.reason == errc::timed_out;
  if (!well && done.at == side::destination) return not_written();
  if (!well && *done.reason != errc::end_of_stream) return lost(token, who, *done.reason);
  if (done.size != 0) received_some(token, who);
  if (!well && !code_ && clients_.find(token)) received_all(token, who);
}

/// Whoever is answered may wait for the answer, and is not kept waiting. At the end nobody lowers a
/// mark any more.
void server::mark(std::uint64_t token, client& who, std::size_t size) {
  if (options_.echo || options_.chat || options_.pipe || reply_ || finishing_ ||
      who.who.over != carrier::tcp)
    return;
  if (!who.mark.received(who.socket, size, now_)) return;
  if (marked_.empty()) next_mark_check_ = now_ + bulk_mark::longest_pause;
  marked_.push_back(token);
}

void server::received(std::uint64_t token, client& who, const_bytes block) {
  who.who.received += block.size();
  totals_.received += block.size();
  if (!takes_->take(who.who, block)) return not_written();
  if (options_.chat) chat(token, nullptr, {}, block);
  if (options_.echo) give(token, who, block);
  // Giving may have lost it.
  if (code_ || !clients_.find(token)) return;
  received_some(token, who);
}

void server::received_some(std::uint64_t token, client& who) {
  if (reply_ && !std::exchange(who.answered, true)) {
    who.finishing = true;
    give(token, who, reply_);
  }
  if (code_ || !clients_.find(token)) return;
  if (who.who.received == options_.most_bytes) {
    who.receive_ended = true;
    if (!who.has_unsent()) return leave(token, who, ending::limit);
  }
  settle(token, who);
}

/// The client has finished sending, and may go on listening.
void server::received_all(std::uint64_t token, client& who) {
  who.receive_ended = true;
  if (reply_ && !std::exchange(who.answered, true)) {
    who.finishing = true;
    give(token, who, reply_);
    if (code_ || !clients_.find(token)) return;
  }
  settle(token, who);
}

// --- what goes

/// Sends what goes at once; what does not has to wait until the client takes it.
void server::give(std::uint64_t token, client& who, const_bytes block) {
  std::size_t sent = 0;
  if (!who.has_unsent()) {
    const auto now = send_now(token, who, block);
    if (!now) return;
    sent = *now;
  }
  if (sent == block.size()) return;
  if (!who.unsent) who.unsent = std::make_unique<outbox>();
  who.unsent->push(std::make_shared<const std::string>(as_text(block.subspan(sent))));
}

void server::give(std::uint64_t token, client& who, const piece& whole) {
  std::size_t sent = 0;
  if (!who.has_unsent()) {
    const auto now = send_now(token, who, as_bytes(*whole));
    if (!now) return;
    sent = *now;
  }
  if (sent == whole->size()) return;
  if (!who.unsent) who.unsent = std::make_unique<outbox>();
  who.unsent->push(whole, sent);
}

/// How much went. Nothing is returned when the client, or standard output, was lost over it.
std::optional<std::size_t> server::send_now(std::uint64_t token, client& who, const_bytes block) {
  if (block.empty()) return 0;
  const auto sent = who.socket.send(block);
  if (!sent && sent.error() == errc::would_block) return 0;
  if (!sent) {
    lost(token, who, sent.error());
    return std::nullopt;
  }
  who.active = now_;
  who.who.sent += *sent;
  totals_.sent += *sent;
  if (takes_->gave(who.who, block.first(*sent))) return *sent;
  not_written();
  return std::nullopt;
}

void server::send(std::uint64_t token, client& who) {
  while (who.has_unsent()) {
    const auto sent = send_now(token, who, who.unsent->front());
    if (!sent) return;
    if (*sent == 0) break;
    who.unsent->pop(*sent);
  }
  if (!who.has_unsent()) who.unsent.reset();
  settle(token, who);
}

// --- what is next

/// After anything happened to it: tells the client that no more comes, lets it go when both sides
/// are done, or waits for what is missing.
void server::settle(std::uint64_t token, client& who) {
  if (who.finishing && !who.send_ended && !who.has_unsent()) {
    who.send_ended = true;
    const auto told = who.socket.shutdown(direction::send);
    if (!told && !who.receive_ended) return lost(token, who, told.error());
  }
  if (who.receive_ended && !who.has_unsent()) {
    const bool limited = options_.most_bytes != 0 && who.who.received == options_.most_bytes;
    if (limited) return leave(token, who, ending::limit);
    if (!options_.pipe || who.send_ended) return leave(token, who, ending::closed);
    if (!patience_ends_) patience_ends_ = now_ + patience;
  }
  watch(token, who);
}

/// Nothing more is received from a client that has not taken its echo: it costs one block, and its
/// peers nothing.
void server::watch(std::uint64_t token, client& who) {
  const bool may_receive = !who.receive_ended && !(options_.echo && who.has_unsent());
  std::optional<interest> wanted;
  if (may_receive && who.has_unsent())
    wanted = interest::both;
  else if (may_receive)
    wanted = interest::receive;
  else if (who.has_unsent())
    wanted = interest::send;
  if (wanted == who.watched) return;
  const auto done = !wanted       ? ready_.remove(who.socket)
                    : who.watched ? ready_.change(who.socket, *wanted, token)
                                  : ready_.add(who.socket, *wanted, token);
  who.watched = wanted;
  if (!done) lost(token, who, done.error());
}

void server::lost(std::uint64_t token, client& who, error reason) {
  worst_ = exit_code::failure;
  leave(token, who, ending::reset, reason);
}

void server::leave(std::uint64_t token, client& who, ending how, std::optional<error> reason) {
  if (!takes_->end(who.who)) not_written();
  tells_->left(who.who, how, reason, now_ - who.since);
  if (who.watched) static_cast<void>(ready_.remove(who.socket));
  clients_.remove(token);
  // A handle has come free.
  resume_at_.reset();
  if (token == partner_) {
    partner_ = 0;
    patience_ends_.reset();
  }
  if (doors_closed_ && !finishing_ && clients_.size() == 0) end(worst_);
}

}  // namespace portsock::tools
