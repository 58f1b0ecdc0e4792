// SPDX-License-Identifier: MIT
#include <cstddef>
#include <optional>
#include <utility>

#include <portsock/poller.hpp>
#include <tools/common/streams.hpp>
#include <tools/listen/service.hpp>

namespace portsock::tools {
namespace {

/// After so many, the other sockets have their turn.
constexpr int datagrams_per_turn = 64;

class datagram_service {
 public:
  datagram_service(const service& with, std::vector<datagram_socket> sockets, poller ready)
      : with_{with},
        sockets_{std::move(sockets)},
        ready_{std::move(ready)},
        buffer_(with.options.largest_datagram) {}

  exit_code run() {
    if (const auto trouble = begin()) return *trouble;
    while (true) {
      const auto found = ready_.wait(deadline::never().or_when(with_.stop));
      if (!found && found.error() == errc::cancelled)
        return with_.stopped(count(datagrams_, "datagram"), bytes_);
      if (!found) return with_.complain.failed("waiting", found.error());
      for (const auto& at : *found)
        if (const auto ended = serve(sockets_[at.token])) return *ended;
    }
  }

 private:
  std::optional<exit_code> begin() {
    for (std::uint64_t token = 0; token < sockets_.size(); ++token) {
      const auto local = sockets_[token].local_endpoint();
      if (!local) return with_.complain.failed("listening", local.error());
      const auto added = ready_.add(sockets_[token], interest::receive, token);
      if (!added) return with_.complain.failed(to_string(*local), added.error());
      with_.tell("listening on", to_string(*local));
    }
    return std::nullopt;
  }

  std::optional<exit_code> serve(datagram_socket& socket) {
    for (int turn = 0; turn < datagrams_per_turn; ++turn) {
      const auto got = socket.receive_from(buffer_);
      if (!got && got.error() == errc::would_block) return std::nullopt;
      if (!got) return with_.complain.failed("receiving", got.error());
      if (const auto ended = take(socket, *got)) return ended;
    }
    return std::nullopt;
  }

  std::optional<exit_code> take(datagram_socket& socket, const received& got) {
    ++datagrams_;
    bytes_ += got.size;
    const auto from = got.from.to_endpoint();
    const auto who = to_string(from);
    with_.tell(who, count(got.size, "byte") + (got.truncated ? ", truncated" : ""));
    const const_bytes datagram{buffer_.data(), got.size};
    if (!write_now(with_.output, as_text(datagram))) return with_.not_written();
    if (with_.options.echo) {
      const auto sent = socket.send_to(datagram, from, deadline::never().or_when(with_.stop));
      // One sender that cannot be answered is no reason to fail the others.
      if (!sent && sent.error() != errc::cancelled)
        with_.tell(who, "not answered: " + sent.error().message());
    }
    return with_.options.once ? std::optional{exit_code::ok} : std::nullopt;
  }

  const service& with_;
  std::vector<datagram_socket> sockets_;
  poller ready_;  // after what it watches, to be gone before it
  std::vector<std::byte> buffer_;
  std::uint64_t datagrams_ = 0;
  std::uint64_t bytes_ = 0;
};

}  // namespace

exit_code service::of_datagrams(std::vector<datagram_socket> sockets) const {
  auto ready = poller::create();
  if (!ready) return complain.failed("waiting", ready.error());
  return datagram_service{*this, std::move(sockets), *std::move(ready)}.run();
}

}  // namespace portsock::tools
