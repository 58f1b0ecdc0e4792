// SPDX-License-Identifier: MIT
#include <tools/send/stream_talk.hpp>

#include <utility>

namespace portsock::tools {
namespace {

/// Of what is received in one call, in bytes.
constexpr std::size_t room = 1 << 20;

}  // namespace

stream_talk::stream_talk(const exchange& with, stream_socket peer)
    : with_{with}, peer_{std::move(peer)}, buffer_(room) {
  if (with.options.progress) progress_.emplace(with.log, with.whole, clock::now());
}

std::optional<exit_code> stream_talk::receive() {
  if (peer_ended_) return std::nullopt;
  const auto got = peer_.receive(buffer_);
  if (!got && got.error() == errc::would_block) return std::nullopt;
  if (!got) return with_.failed(got.error());
  peer_ended_ = *got == 0;
  if (peer_ended_ || with_.print_received(const_bytes{buffer_}.first(*got))) return std::nullopt;
  return with_.not_written();
}

std::optional<exit_code> stream_talk::end_sending() {
  sending_ended_ = true;
  if (with_.options.wait) answer_ends_ = clock::now() + *with_.options.wait;
  if (with_.options.no_shutdown) return std::nullopt;
  const auto told = peer_.shutdown(direction::send);
  if (told || peer_ended_) return std::nullopt;
  return lost(told.error());
}

exit_code stream_talk::break_off() {
  // A reset, lest the peer takes a part for the whole.
  static_cast<void>(peer_.set(options::close_mode, close_mode::abortive));
  return with_.not_read();
}

exit_code stream_talk::lost(error reason) {
  while (!peer_ended_) {
    const auto got = peer_.receive(buffer_);
    if (!got || *got == 0) break;
    if (!with_.print_received(const_bytes{buffer_}.first(*got))) return with_.not_written();
  }
  return with_.failed(reason);
}

exit_code stream_talk::leave(exit_code code) {
  if (progress_) progress_->end(with_.facts.bytes_sent(), clock::now());
  if (with_.options.reset) static_cast<void>(peer_.set(options::close_mode, close_mode::abortive));
  return code;
}

}  // namespace portsock::tools
