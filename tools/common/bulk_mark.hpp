// SPDX-License-Identifier: MIT
#pragma once

// While much comes, a receiver that is woken for each packet spends its time on being woken.

#include <chrono>
#include <cstddef>
#include <cstdint>

#include <portsock/options.hpp>
#include <portsock/stream_socket.hpp>

namespace portsock::tools {

/// Whoever sends so much at a time may do so again.
inline constexpr std::size_t plenty = 1 << 16;

/// The low-water mark of a stream: raised once plenty has come several times in a row. What comes
/// less than the mark is not told, so whoever waits has to lower it when nothing has come for
/// `longest_pause`, and to look for the rest.
class bulk_mark {
 public:
  static constexpr std::chrono::milliseconds longest_pause{2};

  bool raised() const noexcept { return raised_; }

  /// So much was received at once. True: the mark has been raised now.
  bool received(stream_socket& from, std::size_t size) noexcept {
    if (size < plenty) times_ = 0;
    if (raised_ || size < plenty || ++times_ < enough_times) return false;
    times_ = 0;
    raised_ = from.set(options::receive_low_water, mark).has_value();
    return raised_;
  }

  void lower(stream_socket& from) noexcept {
    raised_ = false;
    static_cast<void>(from.set(options::receive_low_water, 1));
  }

 private:
  static constexpr int mark = 1 << 18;
  static constexpr std::uint8_t enough_times = 4;

  std::uint8_t times_ = 0;
  bool raised_ = false;
};

}  // namespace portsock::tools
