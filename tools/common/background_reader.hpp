// SPDX-License-Identifier: MIT
#pragma once

// Input that can be waited for together with sockets.

#include <cstddef>
#include <cstdint>
#include <istream>
#include <memory>
#include <optional>
#include <string>

#include <portsock/error.hpp>
#include <portsock/handle.hpp>

namespace portsock::tools {

/// Reads a stream on a thread of its own, because no system can interrupt a thread that waits for a
/// person, and not every system can poll a terminal or a pipe.
class background_reader {
 public:
  /// What is taken at a time.
  enum class unit {
    block,  ///< whatever there is
    line,   ///< a line with its newline, which the last one may lack
    whole,  ///< everything, once, also when it is nothing
    sized,  ///< cut::size bytes; the last one may be shorter
  };
  struct cut {
    unit of = unit::block;
    std::size_t size = 0;      ///< for unit::sized, at least 1
    std::uint64_t repeat = 1;  ///< how often the input is read from its beginning
  };
  /// In bytes. Longer lines come in several pieces, and what exceeds it of a whole is not read: it
  /// is more than any datagram holds.
  static constexpr std::size_t largest = 65'536;
  /// Of a block, in bytes: each is a call, and a change of threads.
  static constexpr std::size_t largest_block = 262'144;

  /// Fails as a waker does. Only an input that can be sought in can be repeated.
  static result<background_reader> start(std::shared_ptr<std::istream> input, cut how);

  background_reader(background_reader&&) noexcept = default;
  background_reader& operator=(background_reader&&) = delete;
  /// Does not wait: a thread that is reading keeps the stream alive, and ends after that.
  ~background_reader();

  /// The next piece, if it is there by now.
  std::optional<std::string> take();
  /// Nothing is left to take, and nothing will be.
  bool ended() const;
  /// The input ended because it could not be read. To be asked once it has ended.
  bool failed() const;

  /// Ready to receive when there is something to take, and when the input has ended.
  native_handle native() const noexcept;

 private:
  struct shared;

  explicit background_reader(std::shared_ptr<shared> made) noexcept : shared_{std::move(made)} {}
  static void read(const std::shared_ptr<shared>& with);

  std::shared_ptr<shared> shared_;
};

}  // namespace portsock::tools
