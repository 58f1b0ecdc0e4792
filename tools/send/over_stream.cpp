// SPDX-License-Identifier: MIT
#include <algorithm>
#include <chrono>
#include <cstddef>
#include <optional>
#include <string>
#include <utility>

#include <portsock/poller.hpp>
#include <portsock/stream_socket.hpp>
#include <tools/send/exchange.hpp>
#include <tools/send/pace.hpp>
#include <tools/send/reach.hpp>
#include <tools/send/stream_talk.hpp>

namespace portsock::tools {
namespace {

/// So many pieces are sent before it is asked again what comes.
constexpr int pieces_per_turn = 16;

constexpr std::uint64_t peer_token = 0;
constexpr std::uint64_t input_token = 1;

using wish = std::optional<interest>;

class stream_exchange : stream_talk {
 public:
  stream_exchange(const exchange& with, stream_socket peer, background_reader input, poller ready)
      : stream_talk{with, std::move(peer)},
        input_{std::move(input)},
        ready_{std::move(ready)},
        pace_{with.options.rate, with.options.interval, with.options.delay, clock::now()} {}

  exit_code run() { return leave(talk()); }

 private:
  exit_code talk() {
    if (const auto set = peer_.set_blocking(false); !set) return with_.failed(set.error());
    while (!(sending_ended_ && peer_ended_)) {
      now_ = clock::now();
      if (const auto watched = watch(); !watched) return with_.failed(watched.error());
      const auto until = next_moment();
      const auto found = ready_.wait(deadline::at(until).or_when(with_.stop));
      if (!found) return with_.failed(found.error());
      now_ = clock::now();
      if (answer_ends_ && now_ >= *answer_ends_) return exit_code::ok;
      if (found->empty() && is_patient_ && now_ >= patience_ends_) {
        with_.complain.failed(with_.peer, "closed before the input ended");
        return exit_code::ok;
      }
      if (!found->empty()) patience_ends_ = now_ + patience;
      if (progress_ && now_ >= progress_->next()) progress_->show(with_.facts.bytes_sent(), now_);
      // What is not ready says so, and costs one call at most.
      if (const auto trouble = receive()) return *trouble;
      if (const auto trouble = send()) return *trouble;
    }
    return exit_code::ok;
  }

  const_bytes unsent() const noexcept { return as_bytes(piece_).subspan(sent_); }

  /// When to look again, though nothing has happened.
  clock::time_point next_moment() {
    auto next = clock::time_point::max();
    if (answer_ends_) next = std::min(next, *answer_ends_);
    if (progress_) next = std::min(next, progress_->next());
    if (!sending_ended_) {
      const auto may_send = unsent().empty() ? pace_.next_piece() : pace_.next_unit();
      if (now_ < may_send) {
        is_patient_ = false;
        return std::min(next, may_send);
      }
    }
    const bool was_patient = std::exchange(is_patient_, peer_ended_ && unsent().empty());
    if (!was_patient) patience_ends_ = now_ + patience;
    return is_patient_ ? std::min(next, patience_ends_) : next;
  }

  /// Input is wanted when all before it is sent and its time has come, and the peer's ear only when
  /// there is something to say.
  result<> watch() {
    const bool idle = unsent().empty();
    const bool may_begin = now_ >= pace_.next_piece();
    const auto input =
        idle && may_begin && !sending_ended_ ? wish{interest::receive} : std::nullopt;
    if (auto done = watch(input_, input_token, input_watched_, input); !done) return done;
    const bool sends = !idle && now_ >= pace_.next_unit();
    const auto peer = !sends        ? (peer_ended_ ? std::nullopt : wish{interest::receive})
                      : peer_ended_ ? wish{interest::send}
                                    : wish{interest::both};
    return watch(peer_, peer_token, peer_watched_, peer);
  }

  template <pollable T>
  result<> watch(const T& what, std::uint64_t token, wish& now, wish wanted) {
    if (now == wanted) return {};
    auto done = !wanted ? ready_.remove(what)
                : now   ? ready_.change(what, *wanted, token)
                        : ready_.add(what, *wanted, token);
    if (done) now = wanted;
    return done;
  }

  std::optional<exit_code> send() {
    for (int turn = 0; turn < pieces_per_turn && !sending_ended_; ++turn) {
      if (unsent().empty()) {
        if (clock::now() < pace_.next_piece()) return std::nullopt;
        auto next = input_.take();
        if (!next) {
          if (!input_.ended()) return std::nullopt;
          if (input_.failed()) return break_off();
          return end_sending();
        }
        piece_ = *std::move(next);
        sent_ = 0;
      }
      if (clock::now() < pace_.next_unit()) return std::nullopt;
      const auto most = pace_.most(unsent().size());
      const auto size = peer_.send(unsent().first(static_cast<std::size_t>(most)));
      if (!size && size.error() == errc::would_block) return std::nullopt;
      if (!size) return lost(size.error());
      if (!with_.print_sent(unsent().first(*size))) return with_.not_written();
      sent_ += *size;
      pace_.spend(*size, clock::now());
      if (unsent().empty()) pace_.end_piece(clock::now());
    }
    return std::nullopt;
  }

  background_reader input_;
  poller ready_;  // after what it watches, to be gone before it
  pace pace_;
  wish input_watched_;
  wish peer_watched_;
  std::string piece_;
  std::size_t sent_ = 0;
  clock::time_point now_{};
  clock::time_point patience_ends_{};
  bool is_patient_ = false;  // waits for input alone, and not for long
};

}  // namespace

exit_code exchange::over_stream(std::shared_ptr<std::istream> input) const {
  auto connected = reach_stream(*this);
  if (!connected) return not_reached(connected.error());
  auto ready = poller::create();
  if (!ready) return failed(ready.error());
  auto reader = background_reader::start(std::move(input), cutting());
  if (!reader) return failed(reader.error());
  return stream_exchange{*this, *std::move(connected), *std::move(reader), *std::move(ready)}.run();
}

}  // namespace portsock::tools
