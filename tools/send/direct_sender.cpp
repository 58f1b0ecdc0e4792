// SPDX-License-Identifier: MIT
#include <tools/send/direct_sender.hpp>

#include <utility>

namespace portsock::tools {
namespace {

/// After so many bytes, or so much time, it is told how far it is.
constexpr std::uint64_t part = 1 << 20;
constexpr std::chrono::milliseconds tick{200};

}  // namespace

result<std::unique_ptr<direct_sender>> direct_sender::start(stream_socket& to, direct_source what) {
  auto changed = waker::create();
  if (!changed) return changed.failure();
  auto stop = canceller::create();
  if (!stop) return stop.failure();
  auto through = relay::create();
  if (!through) return through.failure();
  std::unique_ptr<direct_sender> made{
      new direct_sender{to, what, *std::move(changed), *std::move(stop), *std::move(through)}};
  made->thread_ = std::thread{[here = made.get()] { here->run(); }};
  return made;
}

direct_sender::~direct_sender() {
  stop_.cancel();
  if (thread_.joinable()) thread_.join();
}

moved direct_sender::step(std::uint64_t offset) {
  const auto until = deadline::never().or_when(stop_).sooner(deadline::in(tick).moment());
  // A relay that copies nothing hands over more at a time than sendfile does, but goes through a
  // file once: what is at a position of its own (standard input, too) is moved on, as by a read.
  const bool once = what_.repeat == 1;
  if (what_.from_its_beginning && (!once || through_.copies()))
    return send_file(to_, what_.from, {offset, part}, until);
  return through_.move(what_.from, to_, part, until);
}

void direct_sender::run() {
  for (std::uint64_t round = 0; round < what_.repeat && !reason_; ++round) {
    for (std::uint64_t offset = 0;;) {
      const auto done = step(offset);
      offset += done.size;
      sent_.fetch_add(done.size, std::memory_order_relaxed);
      const bool paused = done.reason && *done.reason == errc::timed_out;
      starved_.store(paused && done.size == 0 && done.at == side::source,
                     std::memory_order_relaxed);
      if (paused || !done.reason) continue;
      if (done.at == side::source && *done.reason == errc::end_of_stream) break;
      reason_ = done.reason;
      at_ = done.at;
      break;
    }
  }
  ended_.store(true, std::memory_order_release);
  changed_.wake();
}

}  // namespace portsock::tools
