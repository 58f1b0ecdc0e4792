// SPDX-License-Identifier: MIT
#pragma once

// While much comes, a receiver that is woken for each packet spends its time on being woken.

#include <chrono>
#include <cstddef>
#include <cstdint>

#include <portsock/options.hpp>
#include <portsock/stream_socket.hpp>

namespace portsock::tools {

/// The low-water mark of a stream: raised once more comes than it takes to reach it again and again
/// without a pause. What comes less than the mark is not told, so whoever waits has to lower it
/// when nothing has come for `longest_pause`, and to look for the rest.
class bulk_mark {
 public:
  using clock = deadline::clock;
  static constexpr std::chrono::milliseconds longest_pause{2};

  bool raised() const noexcept { return raised_; }

  /// So much was received at once. True: the mark has been raised now.
  bool received(stream_socket& from, std::size_t size, clock::time_point now) noexcept {
    if (raised_) return false;
    if (now - since_ > times * longest_pause) {
      since_ = now;
      size_ = 0;
    }
    size_ += size;
    if (size_ < std::size_t{times} * mark) return false;
    size_ = 0;
    raised_ = from.set(options::receive_low_water, int{mark}).has_value();
    return raised_;
  }

  void lower(stream_socket& from) noexcept {
    raised_ = false;
    static_cast<void>(from.set(options::receive_low_water, 1));
  }

 private:
  static constexpr int mark = 1 << 18;
  static constexpr int times = 4;

  clock::time_point since_{};
  std::size_t size_ = 0;  // of what came since then
  bool raised_ = false;
};

}  // namespace portsock::tools
