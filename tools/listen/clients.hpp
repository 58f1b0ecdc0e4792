// SPDX-License-Identifier: MIT
#pragma once

// The clients that are connected, and what they have not taken yet.

#include <chrono>
#include <cstdint>
#include <deque>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include <portsock/poller.hpp>
#include <portsock/stream_socket.hpp>
#include <tools/common/bulk_mark.hpp>
#include <tools/listen/party.hpp>

namespace portsock::tools {

using piece = std::shared_ptr<const std::string>;

/// Pieces that wait until a client takes them. Clients that wait for the same share it.
class outbox {
 public:
  bool empty() const noexcept { return pieces_.empty(); }
  std::size_t size() const noexcept { return size_; }
  const_bytes front() const noexcept {
    return as_bytes(std::string_view{*pieces_.front()}.substr(sent_));
  }
  /// `from`: how much of it went already.
  void push(piece next, std::size_t from = 0) {
    if (pieces_.empty()) sent_ = from;
    size_ += next->size() - from;
    pieces_.push_back(std::move(next));
  }
  /// So much of front() went.
  void pop(std::size_t size) {
    size_ -= size;
    sent_ += size;
    if (sent_ != pieces_.front()->size()) return;
    pieces_.pop_front();
    sent_ = 0;
  }

 private:
  std::deque<piece> pieces_;
  std::size_t sent_ = 0;  // of the first
  std::size_t size_ = 0;
};

/// An idle one takes less than 200 bytes: buffers belong to the server, and an outbox is made only
/// for a client that does not keep up.
struct client {
  client(stream_socket opened, party known) : socket{std::move(opened)}, who{std::move(known)} {}

  stream_socket socket;
  party who;
  std::unique_ptr<outbox> unsent{};
  deadline::clock::time_point since{};
  deadline::clock::time_point active{};
  std::optional<interest> watched{};
  bulk_mark mark{};
  bool receive_ended = false;  ///< nothing more comes, or is wanted
  bool plenty = false;         ///< it sends more than one would like to copy
  bool answered = false;       ///< the reply was given
  bool finishing = false;      ///< sending ends once all is sent
  bool send_ended = false;

  bool has_unsent() const noexcept { return unsent && !unsent->empty(); }
};

/// Places that are used again. The token of a place changes with its client, so that a late event
/// for one that has left finds nobody.
class clients {
 public:
  /// Tokens are never below this.
  static constexpr std::uint64_t first_token = std::uint64_t{1} << 32U;

  std::uint64_t add(stream_socket socket, const party& who) {
    if (free_.empty()) {
      free_.push_back(static_cast<std::uint32_t>(places_.size()));
      places_.emplace_back();
    }
    const auto at = free_.back();
    free_.pop_back();
    auto& here = places_[at];
    here.who.emplace(std::move(socket), who);
    ++size_;
    return token_of(at);
  }
  /// nullptr: it has left.
  client* find(std::uint64_t token) noexcept {
    const auto at = static_cast<std::uint32_t>(token);
    if (at >= places_.size() || token_of(at) != token || !places_[at].who) return nullptr;
    return &*places_[at].who;
  }
  void remove(std::uint64_t token) {
    const auto at = static_cast<std::uint32_t>(token);
    places_[at].who.reset();
    if (++places_[at].generation == 0) places_[at].generation = 1;
    free_.push_back(at);
    --size_;
  }
  std::size_t size() const noexcept { return size_; }

  /// Calls `act(token, client)` for each. It may remove any.
  template <class Act>
  void for_each(Act act) {
    for (std::uint32_t at = 0; at < places_.size(); ++at)
      if (places_[at].who) act(token_of(at), *places_[at].who);
  }

 private:
  struct place {
    std::uint32_t generation = 1;
    std::optional<client> who{};
  };

  std::uint64_t token_of(std::uint32_t at) const noexcept {
    return std::uint64_t{places_[at].generation} << 32U | at;
  }

  std::deque<place> places_;  // which do not move when there are more
  std::vector<std::uint32_t> free_;
  std::size_t size_ = 0;
};

}  // namespace portsock::tools
