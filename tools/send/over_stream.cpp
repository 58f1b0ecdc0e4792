// SPDX-License-Identifier: MIT
#include <chrono>
#include <cstddef>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include <portsock/poller.hpp>
#include <portsock/stream_socket.hpp>
#include <tools/common/streams.hpp>
#include <tools/send/background_reader.hpp>
#include <tools/send/exchange.hpp>

namespace portsock::tools {
namespace {

/// A peer that finished first may go on reading, so what there is to send is sent. But a peer that
/// is gone looks the same, and nobody wants to be asked by a terminal, or kept by a quiet pipe, for
/// it.
constexpr std::chrono::seconds patience{1};

constexpr std::uint64_t peer_token = 0;
constexpr std::uint64_t input_token = 1;

using wish = std::optional<interest>;

class stream_exchange {
 public:
  stream_exchange(const exchange& with, stream_socket peer, background_reader input, poller ready)
      : with_{with},
        peer_{std::move(peer)},
        input_{std::move(input)},
        ready_{std::move(ready)},
        buffer_(background_reader::largest) {}

  exit_code run() {
    if (const auto set = peer_.set_blocking(false); !set) return with_.failed(set.error());
    while (!(sending_ended_ && peer_ended_)) {
      if (const auto watched = watch(); !watched) return with_.failed(watched.error());
      const bool only_input_is_missing = peer_ended_ && unsent().empty();
      const auto until = only_input_is_missing ? deadline::in(patience) : deadline::never();
      const auto found = ready_.wait(until.or_when(with_.stop));
      if (!found) return with_.failed(found.error());
      if (found->empty()) {
        with_.complain.failed(with_.peer, "closed before the input ended");
        return exit_code::ok;
      }
      // What is not ready says so, and costs one call at most.
      if (const auto trouble = receive()) return *trouble;
      if (const auto trouble = send()) return *trouble;
    }
    return exit_code::ok;
  }

 private:
  const_bytes unsent() const noexcept { return as_bytes(piece_).subspan(sent_); }

  /// Input is wanted when all before it is sent, and the peer's ear only when there is something to
  /// say.
  result<> watch() {
    const bool idle = unsent().empty();
    const auto input = idle && !sending_ended_ ? wish{interest::receive} : std::nullopt;
    if (auto done = watch(input_, input_token, input_watched_, input); !done) return done;
    const auto peer = idle          ? (peer_ended_ ? std::nullopt : wish{interest::receive})
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

  std::optional<exit_code> receive() {
    if (peer_ended_) return std::nullopt;
    const auto got = peer_.receive(buffer_);
    if (!got && got.error() == errc::would_block) return std::nullopt;
    if (!got) return with_.failed(got.error());
    peer_ended_ = *got == 0;
    return print(*got);
  }

  std::optional<exit_code> print(std::size_t size) {
    if (write_now(with_.output, as_text({buffer_.data(), size}))) return std::nullopt;
    return with_.not_written();
  }

  std::optional<exit_code> send() {
    if (unsent().empty()) {
      auto next = input_.take();
      if (!next) return input_.ended() && !sending_ended_ ? end_sending() : std::nullopt;
      piece_ = *std::move(next);
      sent_ = 0;
    }
    const auto size = peer_.send(unsent());
    if (!size && size.error() == errc::would_block) return std::nullopt;
    if (!size) return lost(size.error());
    sent_ += *size;
    return std::nullopt;
  }

  std::optional<exit_code> end_sending() {
    if (input_.failed()) {
      // A reset, lest the peer takes a part for the whole.
      static_cast<void>(peer_.set(options::close_mode, close_mode::abortive));
      return with_.not_read();
    }
    sending_ended_ = true;
    const auto told = peer_.shutdown(direction::send);
    if (told || peer_ended_) return std::nullopt;
    return lost(told.error());
  }

  /// Nothing more can be sent. What arrived before that is printed still.
  exit_code lost(error reason) {
    while (!peer_ended_) {
      const auto got = peer_.receive(buffer_);
      if (!got || *got == 0) break;
      if (const auto trouble = print(*got)) return *trouble;
    }
    return with_.failed(reason);
  }

  const exchange& with_;
  stream_socket peer_;
  background_reader input_;
  poller ready_;  // after what it watches, to be gone before it
  wish input_watched_;
  wish peer_watched_;
  std::vector<std::byte> buffer_;
  std::string piece_;
  std::size_t sent_ = 0;
  bool sending_ended_ = false;
  bool peer_ended_ = false;
};

}  // namespace

exit_code exchange::over_stream(std::shared_ptr<std::istream> input) const {
  auto connected = stream_socket::connect(options.host, options.port,
                                          deadline::in(options.timeout).or_when(stop));
  if (!connected) return not_reached(connected.error());
  auto ready = poller::create();
  if (!ready) return failed(ready.error());
  auto reader = background_reader::start(std::move(input), background_reader::unit::block);
  if (!reader) return failed(reader.error());
  return stream_exchange{*this, *std::move(connected), *std::move(reader), *std::move(ready)}.run();
}

}  // namespace portsock::tools
