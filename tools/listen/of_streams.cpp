// SPDX-License-Identifier: MIT
#include <chrono>
#include <cstddef>
#include <optional>
#include <unordered_map>
#include <utility>

#include <portsock/poller.hpp>
#include <tools/common/streams.hpp>
#include <tools/listen/service.hpp>

namespace portsock::tools {
namespace {

constexpr std::size_t block_size = 65'536;
/// After so many, the clients that are there already have their turn.
constexpr int accepts_per_turn = 64;
/// Handles may come free elsewhere than here, and nobody tells.
constexpr std::chrono::seconds accept_pause{1};

struct client {
  stream_socket socket;
  std::string name;
  std::uint64_t received = 0;
  /// What the client has not taken of its echo yet. Nothing more is read from it until it is empty,
  /// so a client that does not read costs one block, and its peers nothing.
  std::string unsent;
};

/// "reset by peer (ECONNRESET)", or what else a connection can end with.
std::string describe(error reason) {
  const auto message = reason.message();
  if (reason != errc::connection_reset) return message;
  const auto native = message.find(" (");
  return "reset by peer" + (native == message.npos ? "" : message.substr(native));
}

bool is_shortage(error reason) {
  return reason == errc::too_many_sockets || reason == errc::no_buffer_space ||
         reason == errc::no_memory;
}

/// All listeners and clients on one thread: none has to wait for another.
class stream_service {
 public:
  stream_service(const service& with, std::vector<stream_listener> listeners, poller ready)
      : with_{with},
        first_client_{listeners.size()},
        next_client_{first_client_},
        listeners_{std::move(listeners)},
        ready_{std::move(ready)},
        buffer_(block_size) {}

  exit_code run() {
    if (const auto trouble = begin()) return *trouble;
    while (true) {
      const auto until = resume_at_.value_or(deadline::never());
      const auto found = ready_.wait(until.or_when(with_.stop));
      if (!found && found.error() == errc::cancelled)
        return with_.stopped(count(clients_so_far_, "client"), bytes_);
      if (!found) return with_.complain.failed("waiting", found.error());
      // A copy, because serving one changes what is watched.
      const std::vector<readiness> all{found->begin(), found->end()};
      for (const auto& at : all)
        if (const auto ended = serve(at.token)) return *ended;
      if (resume_at_ && resume_at_->has_passed())
        if (const auto trouble = resume()) return *trouble;
    }
  }

 private:
  std::optional<exit_code> begin() {
    for (const auto& listener : listeners_) {
      const auto local = listener.local_endpoint();
      if (!local) return with_.complain.failed("listening", local.error());
      with_.tell("listening on", to_string(*local));
    }
    return resume();
  }

  std::optional<exit_code> serve(std::uint64_t token) {
    if (token < first_client_)
      return token < listeners_.size() ? accept(listeners_[token]) : std::nullopt;
    const auto found = clients_.find(token);
    if (found == clients_.end()) return std::nullopt;
    return found->second.unsent.empty() ? receive(found) : send(found);
  }

  // --- accepting

  std::optional<exit_code> accept(stream_listener& listener) {
    for (int turn = 0; turn < accepts_per_turn; ++turn) {
      auto accepted = listener.accept();
      if (!accepted && accepted.error() == errc::would_block) return std::nullopt;
      if (!accepted && is_shortage(accepted.error())) return pause(accepted.error());
      if (!accepted) return with_.complain.failed("accepting", accepted.error());
      welcome(*std::move(accepted));
      if (!with_.options.once) continue;
      stop_accepting();
      listeners_.clear();
      return clients_.empty() ? std::optional{exit_code::failure} : std::nullopt;
    }
    return std::nullopt;
  }

  void welcome(stream_socket socket) {
    const auto peer = socket.peer_endpoint();
    const auto name = peer ? to_string(*peer) : "a client that has gone";
    const auto token = next_client_++;
    ++clients_so_far_;
    with_.tell(name, "connected");
    auto& who = clients_.try_emplace(token, std::move(socket), name).first->second;
    auto ready = who.socket.set_blocking(false);
    if (ready) ready = ready_.add(who.socket, interest::receive, token);
    if (ready) return;
    with_.tell(name, "dropped: " + ready.error().message());
    clients_.erase(token);
  }

  /// Without handles there is nothing to accept, but a listener that nobody asks stays ready: it is
  /// not watched until a client has left, or some time has passed.
  std::optional<exit_code> pause(error reason) {
    if (!std::exchange(shortage_told_, true)) with_.complain.failed("accepting waits", reason);
    stop_accepting();
    resume_at_ = deadline::in(accept_pause);
    return std::nullopt;
  }

  std::optional<exit_code> resume() {
    resume_at_.reset();
    for (std::uint64_t token = 0; token < listeners_.size(); ++token)
      if (const auto added = ready_.add(listeners_[token], interest::receive, token); !added)
        return with_.complain.failed("listening", added.error());
    return std::nullopt;
  }

  void stop_accepting() {
    for (const auto& listener : listeners_) static_cast<void>(ready_.remove(listener));
  }

  // --- clients

  using place = std::unordered_map<std::uint64_t, client>::iterator;

  std::optional<exit_code> receive(place at) {
    auto& who = at->second;
    const auto got = who.socket.receive(buffer_);
    if (!got && got.error() == errc::would_block) return std::nullopt;
    if (!got) return lost(at, got.error());
    if (*got == 0) return leave(at, "closed", exit_code::ok);
    who.received += *got;
    bytes_ += *got;
    const const_bytes block{buffer_.data(), *got};
    if (!write_now(with_.output, as_text(block))) return with_.not_written();
    return with_.options.echo ? echo(at, block) : std::nullopt;
  }

  /// Sends what goes at once; what does not has to wait until the client takes it.
  std::optional<exit_code> echo(place at, const_bytes block) {
    auto& who = at->second;
    const auto sent = who.socket.send(block);
    if (!sent && sent.error() != errc::would_block) return lost(at, sent.error());
    who.unsent = as_text(block.subspan(sent.value_or(0)));
    return who.unsent.empty() ? std::nullopt : watch(at, interest::send);
  }

  std::optional<exit_code> send(place at) {
    auto& who = at->second;
    const auto sent = who.socket.send(as_bytes(who.unsent));
    if (!sent && sent.error() == errc::would_block) return std::nullopt;
    if (!sent) return lost(at, sent.error());
    who.unsent.erase(0, *sent);
    return who.unsent.empty() ? watch(at, interest::receive) : std::nullopt;
  }

  std::optional<exit_code> watch(place at, interest wanted) {
    const auto changed = ready_.change(at->second.socket, wanted, at->first);
    return changed ? std::nullopt : lost(at, changed.error());
  }

  std::optional<exit_code> lost(place at, error reason) {
    return leave(at, describe(reason), exit_code::failure);
  }

  std::optional<exit_code> leave(place at, const std::string& how, exit_code code) {
    const auto& who = at->second;
    with_.tell(who.name, how + ", " + count(who.received, "byte"));
    static_cast<void>(ready_.remove(who.socket));
    clients_.erase(at);
    if (with_.options.once) return code;
    return resume_at_ ? resume() : std::nullopt;
  }

  const service& with_;
  const std::uint64_t first_client_;  // tokens below are listeners
  std::uint64_t next_client_;
  std::vector<stream_listener> listeners_;
  std::unordered_map<std::uint64_t, client> clients_;
  poller ready_;  // after what it watches, to be gone before it
  std::vector<std::byte> buffer_;
  std::optional<deadline> resume_at_;
  bool shortage_told_ = false;
  std::uint64_t clients_so_far_ = 0;
  std::uint64_t bytes_ = 0;
};

}  // namespace

exit_code service::of_streams(std::vector<stream_listener> listeners) const {
  auto ready = poller::create();
  if (!ready) return complain.failed("waiting", ready.error());
  return stream_service{*this, std::move(listeners), *std::move(ready)}.run();
}

}  // namespace portsock::tools
