// SPDX-License-Identifier: MIT
#pragma once

// What a poller over AFD keeps about its sockets.

#include <array>
#include <cstdint>
#include <memory>
#include <vector>

#include <portsock/poller.hpp>

#include "afd.hpp"
#include "handle_index.hpp"

namespace portsock::platform::afd {

using watch_id = std::uint32_t;
inline constexpr watch_id no_watch = handle_index::none;

/// One socket that is watched: 80 bytes. 48 of them are the system's while a poll is under way, for
/// it writes its answer there.
struct watch {
  enum class state : std::uint8_t {
    idle,       ///< nothing will happen until somebody asks
    queued,     ///< the next wait starts a poll
    polled,     ///< a poll is under way
    forgotten,  ///< the same, and nobody cares for the answer
  };

  poll_operation poll;
  std::uint64_t token = 0;
  native_handle socket = native_handle::invalid;
  watch_id next = no_watch;  ///< in the queue, or of the free places
  watch_id previous = no_watch;
  interest wanted = interest::both;
  interest asked = interest::both;  ///< by the poll that is under way
  state is = state::idle;
};

/// Places for watches. They stay where they are, and are used again.
class watch_store {
 public:
  explicit watch_store(HANDLE port) noexcept : port_{port} {}

  watch& operator[](watch_id id) noexcept {
    return groups_[id / group_size]->watches[id % group_size];
  }
  const watch& operator[](watch_id id) const noexcept {
    return groups_[id / group_size]->watches[id % group_size];
  }
  /// The way to the driver that this watch's polls take.
  HANDLE device_of(watch_id id) const noexcept { return groups_[id / group_size]->device.get(); }

  /// A place, as new. Allocates, for one socket in 64.
  result<watch_id> take();
  void give_back(watch_id id) noexcept;

  /// Cancels what is under way.
  void cancel_all() noexcept;
  /// Leaves the places to the system, which has not answered yet.
  void abandon() noexcept;

 private:
  // One device could carry all polls, but to cancel one the system searches those of its device.
  static constexpr std::uint32_t group_size = 64;
  struct group {
    unique_object device;
    std::array<watch, group_size> watches;
  };

  HANDLE port_;
  std::vector<std::unique_ptr<group>> groups_;
  watch_id free_ = no_watch;
};

/// Watches in the order in which they came.
class watch_queue {
 public:
  explicit watch_queue(watch_store& store) noexcept : store_{store} {}

  bool empty() const noexcept { return front_ == no_watch; }
  watch_id front() const noexcept { return front_; }
  watch_id back() const noexcept { return back_; }
  void push(watch_id id) noexcept;
  void remove(watch_id id) noexcept;

 private:
  watch_store& store_;
  watch_id front_ = no_watch;
  watch_id back_ = no_watch;
};

}  // namespace portsock::platform::afd
