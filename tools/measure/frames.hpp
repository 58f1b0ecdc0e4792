// SPDX-License-Identifier: MIT
#pragma once

// The stream after the greeting: frames, each of a header and what it says.

#include <array>
#include <concepts>
#include <cstdint>
#include <functional>

#include <tools/measure/protocol.hpp>

namespace portsock::tools::measuring {

enum class frame : std::uint8_t {
  data = 1,  ///< bytes that mean nothing; any number of them
  report,    ///< how far it is
  end,       ///< the sender has sent all; its report
  result,    ///< the receiver has all that will come; its report
};

/// A header, and for others than data the report.
constexpr std::array<std::byte, header_size> header_of(frame kind, std::uint32_t length) {
  std::array<std::byte, header_size> bytes{};
  put(bytes, 0, static_cast<std::uint64_t>(kind), 1);
  put(bytes, 4, length, 4);
  return bytes;
}
constexpr std::array<std::byte, header_size + report_size> encode(frame kind, const report& told) {
  std::array<std::byte, header_size + report_size> bytes{};
  std::ranges::copy(header_of(kind, report_size), bytes.begin());
  std::ranges::copy(encode(told), bytes.begin() + header_size);
  return bytes;
}

/// Takes a stream apart, however it was cut on the way. Keeps less than one report.
class frame_reader {
 public:
  /// Calls `heard(kind, report)` for each frame that is whole by now. False: these are no frames,
  /// and nothing that follows means anything.
  template <std::invocable<frame, const report&> Heard>
  constexpr bool feed(const_bytes bytes, Heard heard) {
    while (!bytes.empty()) {
      if (data_left_ != 0) {
        const auto size = (std::min)(bytes.size(), static_cast<std::size_t>(data_left_));
        data_left_ -= static_cast<std::uint32_t>(size);
        data_ += size;
        bytes = bytes.subspan(size);
        continue;
      }
      const auto wanted = (held_ < header_size ? header_size : whole) - held_;
      const auto size = (std::min)(bytes.size(), wanted);
      std::ranges::copy(bytes.first(size), room_.begin() + static_cast<std::ptrdiff_t>(held_));
      held_ += size;
      bytes = bytes.subspan(size);
      if (held_ == header_size && !take_header()) return false;
      if (held_ == whole) {
        held_ = 0;
        const auto kind = static_cast<frame>(get(room_, 0, 1));
        heard(kind, *decode_report(const_bytes{room_}.subspan(header_size)));
      }
    }
    return true;
  }

  /// Bytes of data frames so far.
  constexpr std::uint64_t data() const noexcept { return data_; }

 private:
  constexpr bool take_header() {
    const auto kind = get(room_, 0, 1);
    const auto length = static_cast<std::uint32_t>(get(room_, 4, 4));
    if (get(room_, 1, 3) != 0) return false;
    if (kind == static_cast<std::uint64_t>(frame::data)) {
      data_left_ = length;
      held_ = 0;
      return true;
    }
    return kind >= static_cast<std::uint64_t>(frame::report) &&
           kind <= static_cast<std::uint64_t>(frame::result) && length == report_size;
  }

  static constexpr std::size_t whole = header_size + report_size;
  std::array<std::byte, whole> room_{};
  std::size_t held_ = 0;
  std::uint32_t data_left_ = 0;
  std::uint64_t data_ = 0;
};

}  // namespace portsock::tools::measuring
