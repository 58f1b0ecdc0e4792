// SPDX-License-Identifier: MIT
#include <algorithm>

#include <tools/listen/server.hpp>
#include <tools/listen/server_limits.hpp>

namespace portsock::tools {
namespace {

bool contains(const std::vector<prefix>& list, const ip_address& address) {
  return std::ranges::any_of(list, [&](const prefix& one) { return one.contains(address); });
}

}  // namespace

/// The lists are of networks; who may use a local socket is told by its file's permissions.
bool is_welcome(const listen_options& options, const place& peer) {
  if (peer.local) return true;
  const auto address = unmapped(peer.network.address);
  if (contains(options.deny, address)) return false;
  return options.allow.empty() || contains(options.allow, address);
}

void server::open() {
  next_report_ = began_ + options_.statistics;
  // Watched like a socket, it costs nothing; or_when() would cost a call in each wait.
  if (const auto added = ready_.add(stop_, interest::receive, stop_token); !added)
    return end(complain_.failed("waiting", added.error()));
  for (const auto& at : doors_) tells_->listening(at.over(), at.local());
}

// --- whether anybody may come in

/// Doors are watched while another client may come. Those who may not yet, wait in the queue of the
/// system, which costs nothing here.
void server::mind_doors() {
  if (doors_closed_) return;
  const auto most = options_.pipe ? 1 : options_.most_clients;
  const bool full = most != 0 && clients_.size() >= most;
  const bool open = !full && !resume_at_;
  if (open && !doors_watched_) watch_doors();
  if (!open && doors_watched_) leave_doors();
}

void server::watch_doors() {
  doors_watched_ = true;
  for (std::size_t token = 0; token < doors_.size(); ++token) {
    const auto added = ready_.add(doors_[token], interest::receive, token);
    if (!added) return end(complain_.failed("listening", added.error()));
  }
}

void server::leave_doors() {
  doors_watched_ = false;
  for (const auto& at : doors_) static_cast<void>(ready_.remove(at));
}

/// For good. Whoever comes from now on is refused by the system. Datagrams can still be sent.
void server::close_doors() {
  if (doors_watched_) leave_doors();
  doors_closed_ = true;
  for (auto& at : doors_) at.close();
}

// --- clients

void server::accept(door& at) {
  for (int turn = 0; turn < accepts_per_turn && doors_watched_ && !code_; ++turn) {
    auto accepted = at.accept();
    if (!accepted && accepted.error() == errc::would_block) return;
    if (!accepted && is_shortage(accepted.error())) return pause(accepted.error());
    if (!accepted) return end(complain_.failed("accepting", accepted.error()));
    welcome(at, std::move(accepted->first), std::move(accepted->second));
    mind_doors();
  }
}

void server::welcome(door& at, stream_socket socket, place peer) {
  const party who{.number = totals_.clients + totals_.datagrams + 1,
                  .over = at.over(),
                  .local = at.local(),
                  .peer = std::move(peer)};
  if (!is_welcome(options_, who.peer)) {
    ++totals_.refused;
    tells_->refused(who);
    return std::move(socket).abort();
  }
  ++totals_.clients;
  tells_->connected(who);
  if (totals_.clients + totals_.datagrams == options_.count) close_doors();
  const auto token = clients_.add(std::move(socket), who);
  auto& here = *clients_.find(token);
  here.since = here.active = now_;
  if (options_.pipe) partner_ = token;
  if (const auto set = here.socket.set_blocking(false); !set) return lost(token, here, set.error());
  if (options_.idle.count() != 0) idle_checks_.emplace(now_ + options_.idle, token);
  if (options_.pipe && input_->ended()) here.finishing = true;
  settle(token, here);
}

/// Without handles there is nothing to accept, but a listener that nobody asks stays ready: it is
/// not watched until a client has left, or some time has passed.
void server::pause(error reason) {
  if (!std::exchange(shortage_told_, true)) complain_.failed("accepting waits", reason);
  resume_at_ = deadline::in(accept_pause);
  leave_doors();
}

// --- datagrams

void server::hear(door& at) {
  for (int turn = 0; turn < datagrams_per_turn && !doors_closed_ && !code_; ++turn) {
    const auto got = at.receive(mutable_bytes{buffer_}.first(options_.largest_datagram));
    if (!got && got.error() == errc::would_block) return;
    if (!got) return end(complain_.failed("receiving", got.error()));
    take(at, got->from, const_bytes{buffer_}.first(got->size), got->truncated);
  }
}

void server::take(door& at, const place& from, const_bytes datagram, bool truncated) {
  party who{.number = totals_.clients + totals_.datagrams + 1,
            .over = at.over(),
            .local = at.local(),
            .peer = from,
            .received = datagram.size()};
  if (!is_welcome(options_, from)) {
    ++totals_.refused;
    return tells_->refused(who);
  }
  ++totals_.datagrams;
  totals_.received += datagram.size();
  tells_->datagram(who, truncated);
  if (!takes_->take(who, datagram)) return not_written();
  answer(at, who, datagram);
  if (!code_ && !takes_->end(who)) return not_written();
  if (totals_.clients + totals_.datagrams != options_.count) return;
  close_doors();
  if (clients_.size() == 0) end(worst_);
}

void server::answer(door& at, party& who, const_bytes datagram) {
  if (options_.echo) send_to(at, who, datagram);
  if (reply_) send_to(at, who, as_bytes(*reply_));
  if (options_.chat || options_.pipe) remember(at, who.peer);
  if (options_.chat) chat(0, &at, who.peer, datagram);
}

/// One sender that cannot be answered is no reason to fail the others, or to let them wait.
void server::send_to(door& at, party& who, const_bytes datagram) {
  const auto sent = at.send_to(datagram, who.peer, deadline::in(room_wait));
  if (!sent) return tells_->unanswered(who, sent.error());
  who.sent += datagram.size();
  totals_.sent += datagram.size();
  if (!takes_->gave(who, datagram)) not_written();
}

}  // namespace portsock::tools
