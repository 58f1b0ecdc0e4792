// SPDX-License-Identifier: MIT
#pragma once

// A line on a terminal that tells how far it is.

#include <chrono>
#include <cstdint>
#include <optional>
#include <ostream>
#include <string>

#include <portsock/deadline.hpp>

namespace portsock::tools {

/// "[=====>    ]  52 %  123 MB  98.7 MB/s  0:01 left", written over itself.
class progress_line {
 public:
  using clock = deadline::clock;

  /// `whole`: all bytes that there will be, if that is known.
  progress_line(std::ostream& log, std::optional<std::uint64_t> whole, clock::time_point now)
      : log_{log}, whole_{whole}, began_{now}, next_{now + period} {}

  clock::time_point next() const noexcept { return next_; }
  void show(std::uint64_t done, clock::time_point now);
  /// Shows the end of it, and leaves the line.
  void end(std::uint64_t done, clock::time_point now);

  /// The text alone, without the control characters around it.
  static std::string text(std::uint64_t done, std::optional<std::uint64_t> whole,
                          std::chrono::duration<double> spent);

 private:
  static constexpr std::chrono::milliseconds period{200};

  std::ostream& log_;
  std::optional<std::uint64_t> whole_;
  clock::time_point began_;
  clock::time_point next_;
};

}  // namespace portsock::tools
