// SPDX-License-Identifier: MIT

// The same talk as over_stream.cpp, when nothing here has to look at what is sent.

#include <algorithm>
#include <chrono>
#include <optional>
#include <utility>

#include <portsock/poller.hpp>
#include <tools/common/files.hpp>
#include <tools/send/direct_sender.hpp>
#include <tools/send/exchange.hpp>
#include <tools/send/reach.hpp>
#include <tools/send/stream_talk.hpp>

namespace portsock::tools {
namespace {

constexpr std::uint64_t peer_token = 0;
constexpr std::uint64_t sender_token = 1;

class direct_exchange : stream_talk {
 public:
  direct_exchange(const exchange& with, stream_socket peer) : stream_talk{with, std::move(peer)} {}

  exit_code run(const direct_source& what) {
    const auto code = talk(what);
    count();
    return leave(code);
  }

 private:
  exit_code talk(const direct_source& what) {
    if (const auto set = peer_.set_blocking(false); !set) return with_.failed(set.error());
    auto ready = poller::create();
    if (!ready) return with_.failed(ready.error());
    auto started = direct_sender::start(peer_, what);
    if (!started) return with_.failed(started.error());
    sender_ = *std::move(started);
    if (const auto done = ready->add(peer_, interest::receive, peer_token); !done)
      return with_.failed(done.error());
    if (const auto done = ready->add(*sender_, interest::receive, sender_token); !done)
      return with_.failed(done.error());
    while (!(sending_ended_ && peer_ended_)) {
      const auto found = ready->wait(deadline::at(next_moment()).or_when(with_.stop));
      if (!found) return with_.failed(found.error());
      const auto now = clock::now();
      count();
      if (answer_ends_ && now >= *answer_ends_) return exit_code::ok;
      if (progress_ && now >= progress_->next()) progress_->show(with_.facts.bytes_sent(), now);
      if (const auto trouble = receive(*ready)) return *trouble;
      if (!sending_ended_ && sender_->ended()) {
        static_cast<void>(ready->remove(*sender_));
        if (const auto trouble = end_sending()) return *trouble;
      } else if (peer_ended_ && !sending_ended_ && now >= patience_ends_) {
        with_.complain.failed(with_.peer, "closed before the input ended");
        return exit_code::ok;
      }
    }
    return exit_code::ok;
  }

  /// When to look again, though nothing has happened.
  clock::time_point next_moment() const {
    auto next = clock::time_point::max();
    if (answer_ends_) next = std::min(next, *answer_ends_);
    if (progress_) next = std::min(next, progress_->next());
    if (peer_ended_ && !sending_ended_) next = std::min(next, patience_ends_);
    return next;
  }

  /// Tells what went since the last time. As long as something goes, or waits for the peer, there
  /// is patience.
  void count() {
    if (!sender_) return;
    const auto more = sender_->sent() - (with_.facts.bytes_sent() - before_);
    if (more != 0) with_.facts.sent(more);
    if (more != 0 || !sender_->is_starved()) patience_ends_ = clock::now() + patience;
  }

  std::optional<exit_code> receive(poller& ready) {
    const bool had_ended = peer_ended_;
    if (const auto trouble = stream_talk::receive()) return trouble;
    if (peer_ended_ == had_ended) return std::nullopt;
    patience_ends_ = clock::now() + patience;
    static_cast<void>(ready.remove(peer_));
    return std::nullopt;
  }

  std::optional<exit_code> end_sending() {
    count();
    const auto reason = sender_->reason();
    if (!reason) return stream_talk::end_sending();
    return sender_->at() == side::destination ? lost(*reason) : break_off();
  }

  std::unique_ptr<direct_sender> sender_;  // ends before the socket that it sends to
  const std::uint64_t before_ = with_.facts.bytes_sent();
  clock::time_point patience_ends_{};
};

/// A pipe or a device is sent so only where nothing is copied: elsewhere a thread that waits in a
/// read does as well, and Windows has nothing that waits for a pipe and can be told to stop.
bool suits(file_handle input) {
  if (input == file_handle::invalid) return false;
  unique_file file{input};
  const auto size = file.size();
  static_cast<void>(file.release());
  if (size) return true;
  const auto through = relay::create();
  return through && !through->copies();
}

}  // namespace

bool exchange::sends_directly() const {
  const auto& o = options;
  const bool made_here = o.message || o.zeros || o.random || o.prompt || o.datagram;
  const bool paced = o.rate != 0 || o.interval.count() != 0 || o.delay.count() != 0;
  const bool cut = o.frame == framing::lines || o.frame == framing::sized;
  if (made_here || paced || cut || o.hexdump) return false;
  return o.file ? is_regular(*o.file) : suits(o.input_handle);
}

exit_code exchange::over_stream_directly(const direct_source& what) const {
  auto connected = reach_stream(*this);
  if (!connected) return not_reached(connected.error());
  return direct_exchange{*this, *std::move(connected)}.run(what);
}

}  // namespace portsock::tools
