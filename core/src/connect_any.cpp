// SPDX-License-Identifier: MIT
#include <algorithm>
#include <list>
#include <utility>
#include <vector>

#include <portsock/poller.hpp>
#include <portsock/stream_socket.hpp>

#include "connecting.hpp"
#include "interleave.hpp"

namespace portsock {
namespace {

using clock = deadline::clock;
using outcome = result<stream_socket>;

constexpr std::uint64_t cancel_token = 0;

/// Lets a poller watch what trips a deadline.
struct watched_handle {
  native_handle handle;
  native_handle native() const noexcept { return handle; }
};

/// Attempts that run beside each other until one has connected; the others are closed then.
class race {
 public:
  race(poller ready, std::vector<endpoint> peers, std::chrono::milliseconds stagger,
       const std::optional<endpoint>& local, const stream_presets& early) noexcept
      : ready_{std::move(ready)},
        peers_{std::move(peers)},
        stagger_{stagger},
        local_{local},
        early_{early} {}

  outcome run(deadline until) {
    const watched_handle cancel{until.cancel_handle()};
    if (cancel.handle != native_handle::invalid)
      if (auto added = ready_.add(cancel, interest::receive, cancel_token); !added)
        return added.failure();
    while (true) {
      while (next_ != peers_.size() && (attempts_.empty() || clock::now() >= start_next_))
        if (begin(peers_[next_++])) return won();
      if (attempts_.empty()) return fail(last_failure_);

      const bool more = next_ != peers_.size();
      const auto found =
          ready_.wait(deadline::at(more ? std::min(start_next_, until.moment()) : until.moment()));
      if (!found) return found.failure();
      // A copy, because an attempt that has ended is not watched any more.
      for (const auto& at : std::vector<readiness>{found->begin(), found->end()}) {
        if (at.token == cancel_token) return fail(errc::cancelled);
        if (finish(at.token)) return won();
      }
      if (until.has_passed() && !attempts_.empty()) return fail(errc::timed_out);
    }
  }

 private:
  struct attempt {
    std::uint64_t token;
    stream_socket socket;
  };

  /// True when it has connected already.
  bool begin(const endpoint& peer) {
    const auto to = detail::destination(peer);
    auto socket = to ? detail::open_for(*to, local_, early_) : outcome{to.failure()};
    if (!socket) return failed(socket.error());
    if (auto set = socket->set_blocking(false); !set) return failed(set.error());
    const auto connected = platform::connect(socket->native(), *to);
    if (!connected && connected.error() != errc::in_progress) return failed(connected.error());
    attempts_.push_front({++last_token_, std::move(*socket)});
    if (connected) return accept_winner(attempts_.begin());
    auto added = ready_.add(attempts_.front().socket, interest::send, last_token_);
    if (!added) {
      attempts_.pop_front();
      return failed(added.error());
    }
    start_next_ = clock::now() + stagger_;
    return false;
  }

  /// True when the attempt that is ready has connected.
  bool finish(std::uint64_t token) {
    const auto at = std::ranges::find(attempts_, token, &attempt::token);
    if (at == attempts_.end()) return false;
    static_cast<void>(ready_.remove(at->socket));
    if (const auto reason = platform::take_error(at->socket.native())) {
      attempts_.erase(at);
      return failed(*reason);
    }
    return accept_winner(at);
  }

  bool accept_winner(std::list<attempt>::iterator at) {
    auto set = at->socket.set_blocking(true);
    if (set && detail::is_connected_to_itself(at->socket)) set = fail(errc::connection_refused);
    if (!set) {
      attempts_.erase(at);
      return failed(set.error());
    }
    winner_ = std::move(at->socket);
    attempts_.erase(at);
    return true;
  }

  /// There is no reason to wait before the next one.
  bool failed(error reason) {
    last_failure_ = reason;
    start_next_ = clock::time_point::min();
    return false;
  }

  outcome won() {
    for (const auto& loser : attempts_) static_cast<void>(ready_.remove(loser.socket));
    return *std::move(winner_);
  }

  std::list<attempt> attempts_;
  poller ready_;  // after what it watches, to be gone before it
  const std::vector<endpoint> peers_;
  const std::chrono::milliseconds stagger_;
  const std::optional<endpoint> local_;
  const stream_presets& early_;
  std::size_t next_ = 0;
  std::uint64_t last_token_ = cancel_token;
  clock::time_point start_next_ = clock::time_point::min();
  error last_failure_ = errc::invalid_argument;
  std::optional<stream_socket> winner_;
};

}  // namespace

outcome stream_socket::connect_any(std::span<const endpoint> peers, deadline until,
                                   std::chrono::milliseconds stagger, std::optional<endpoint> local,
                                   const stream_presets& early) {
  if (peers.empty()) return fail(errc::invalid_argument);
  if (peers.size() == 1) return connect(peers.front(), until, local, early);
  // There are few, and a poller of this kind needs no handle.
  auto ready = poller::create(poll_mechanism::poll);
  if (!ready) return ready.failure();
  return race{*std::move(ready), detail::interleaved(peers), stagger, local, early}.run(until);
}

}  // namespace portsock
