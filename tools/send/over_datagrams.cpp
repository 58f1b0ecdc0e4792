// SPDX-License-Identifier: MIT
#include <chrono>
#include <cstddef>
#include <optional>
#include <string_view>
#include <utility>
#include <vector>

#include <portsock/poller.hpp>
#include <portsock/resolver.hpp>
#include <tools/common/background_reader.hpp>
#include <tools/common/streams.hpp>
#include <tools/send/exchange.hpp>
#include <tools/send/pace.hpp>
#include <tools/send/reach.hpp>

namespace portsock::tools {
namespace {

using unit = background_reader::unit;

using clock = deadline::clock;

/// So many are sent before it is asked again what comes.
constexpr int datagrams_per_turn = 64;

std::string_view without_line_ending(std::string_view line) {
  if (line.ends_with('\n')) line.remove_suffix(1);
  if (line.ends_with('\r')) line.remove_suffix(1);
  return line;
}

class datagram_exchange {
 public:
  datagram_exchange(const exchange& with, unit of, datagram_link peer, background_reader input,
                    poller ready)
      : with_{with},
        of_{of},
        wait_{with.options.wait.value_or(std::chrono::milliseconds{0})},
        peer_{std::move(peer)},
        input_{std::move(input)},
        ready_{std::move(ready)},
        pace_{with.options.rate, with.options.interval, with.options.delay, clock::now()},
        buffer_(65'535) {}

  exit_code run() {
    if (wait_.count() != 0)
      if (const auto added = ready_.add(peer_, interest::receive, 1); !added)
        return with_.failed(added.error());
    while (true) {
      if (const auto watched = watch_input(); !watched) return with_.failed(watched.error());
      const auto until = ends_at_ ? *ends_at_ : next_moment();
      const auto found = ready_.wait(deadline::at(until).or_when(with_.stop));
      if (!found) return with_.failed(found.error());
      if (const auto trouble = receive()) return *trouble;
      if (ends_at_ && clock::now() >= *ends_at_) return exit_code::ok;
      if (ends_at_) continue;
      if (const auto trouble = send()) return *trouble;
      if (!input_.ended() || held_) continue;
      if (input_.failed()) return with_.not_read();
      if (wait_.count() == 0) return exit_code::ok;
      ends_at_ = clock::now() + wait_;
    }
  }

 private:
  clock::time_point next_moment() const {
    const auto next = pace_.next_piece();
    return clock::now() < next ? next : clock::time_point::max();
  }

  /// Input is taken when the time for the next datagram has come.
  result<> watch_input() {
    const bool wanted = !ends_at_ && clock::now() >= pace_.next_piece();
    if (wanted == input_watched_) return {};
    auto done = wanted ? ready_.add(input_, interest::receive, 0) : ready_.remove(input_);
    if (done) input_watched_ = wanted;
    return done;
  }

  std::optional<exit_code> send() {
    for (int turn = 0; turn < datagrams_per_turn; ++turn) {
      // With a rate or an interval the last one may be due, but not the time for the end.
      held_ = clock::now() < pace_.next_piece();
      if (held_) return std::nullopt;
      const auto piece = input_.take();
      if (!piece) return std::nullopt;
      const auto datagram = of_ == unit::line ? without_line_ending(*piece) : *piece;
      const auto sent = peer_.send(as_bytes(datagram), deadline::never().or_when(with_.stop));
      if (!sent) return with_.failed(sent.error());
      if (!with_.print_sent(as_bytes(datagram))) return with_.not_written();
      const auto now = clock::now();
      pace_.spend(1, now);
      pace_.end_piece(now);
    }
    return std::nullopt;
  }

  std::optional<exit_code> receive() {
    for (int turn = 0; turn < datagrams_per_turn && wait_.count() != 0; ++turn) {
      const auto got = peer_.receive(buffer_);
      if (!got && got.error() == errc::would_block) return std::nullopt;
      if (!got) return with_.failed(got.error());
      if (!with_.print_received(const_bytes{buffer_}.first(*got))) return with_.not_written();
    }
    return std::nullopt;
  }

  const exchange& with_;
  const unit of_;
  const std::chrono::milliseconds wait_;
  datagram_link peer_;
  background_reader input_;
  poller ready_;  // after what it watches, to be gone before it
  pace pace_;
  std::vector<std::byte> buffer_;
  bool input_watched_ = false;
  bool held_ = false;
  std::optional<clock::time_point> ends_at_{};
};

}  // namespace

exit_code exchange::over_datagrams(std::shared_ptr<std::istream> input) const {
  auto reached = reach_datagrams(*this);
  if (!reached) return not_reached(reached.error());
  auto ready = poller::create();
  if (!ready) return failed(ready.error());
  const auto how = cutting();
  auto reader = background_reader::start(std::move(input), how);
  if (!reader) return failed(reader.error());
  return datagram_exchange{*this, how.of, *std::move(reached), *std::move(reader),
                           *std::move(ready)}
      .run();
}

}  // namespace portsock::tools
