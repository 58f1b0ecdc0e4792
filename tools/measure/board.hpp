// SPDX-License-Identifier: MIT
#pragma once

// Where the streams of a test put their reports, and where they are read as one.

#include <condition_variable>
#include <cstddef>
#include <deque>
#include <mutex>
#include <optional>
#include <vector>

#include <portsock/error.hpp>
#include <tools/measure/protocol.hpp>

namespace portsock::tools::measuring {

/// The sum of what streams report at the same time: times and windows are those of one, on average.
report sum_of(const std::vector<report>& parts);

class board {
 public:
  explicit board(std::size_t streams) : streams_(streams) {}

  /// Any thread.
  void post(std::size_t which, const report& told);
  void end(std::size_t which, result<report> how);

  /// Waits until each stream that goes on has posted its next report, and adds them up, with the
  /// last words of those that have ended. Nothing once all have ended.
  std::optional<report> next();

  /// Once all have ended.
  report total() const;
  /// Why a stream ended early, if one did.
  std::optional<error> trouble() const;

 private:
  /// Posted faster than it is read, for a peer may post what it likes.
  static constexpr std::size_t most_waiting = 16;
  struct stream {
    std::deque<report> waiting{};
    report last{};
    bool ended = false;
    std::optional<error> reason{};
  };

  mutable std::mutex lock_;
  std::condition_variable changed_;
  std::vector<stream> streams_;
};

}  // namespace portsock::tools::measuring
