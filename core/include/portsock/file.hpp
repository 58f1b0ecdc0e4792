// SPDX-License-Identifier: MIT
#pragma once

// As much of files as it takes to send and to receive them: no text mode, no buffers, no names.

#include <cstdint>
#include <string_view>
#include <utility>

#include <portsock/bytes.hpp>
#include <portsock/error.hpp>

namespace portsock {

/// The system's name for an open file, or for a pipe or a terminal that a program uses like one: a
/// descriptor there, a HANDLE here. Invalid as -1 on both.
enum class file_handle : std::intptr_t { invalid = -1 };

/// Owns an open file and closes it. Its bytes are the file's, without CR LF translation. One that
/// owns none answers errc::bad_handle.
class unique_file {
 public:
  constexpr unique_file() noexcept = default;
  /// Takes over a file that something else opened. On Windows not for overlapped operations.
  constexpr explicit unique_file(file_handle handle) noexcept : handle_{handle} {}
  constexpr unique_file(unique_file&& other) noexcept : handle_{other.release()} {}
  unique_file& operator=(unique_file&& other) noexcept {
    if (this != &other) {
      reset();
      handle_ = other.release();
    }
    return *this;
  }
  ~unique_file() { reset(); }

  /// Opens the file at `path` (UTF-8) for reading. Others may go on writing, renaming and deleting
  /// it. Children do not inherit it. Errors: errc::not_found, access_denied (a directory too),
  /// invalid_argument for a path with a zero byte. Allocates.
  static result<unique_file> open(std::string_view path);
  /// Opens it for writing: makes the file, or empties it. Errors as open(), and errc::no_space.
  static result<unique_file> create(std::string_view path);

  constexpr file_handle get() const noexcept { return handle_; }
  constexpr explicit operator bool() const noexcept { return handle_ != file_handle::invalid; }

  /// Gives the file away without closing it.
  [[nodiscard]] constexpr file_handle release() noexcept {
    return std::exchange(handle_, file_handle::invalid);
  }
  void reset() noexcept {
    if (const auto handle = release(); handle != file_handle::invalid) close(handle);
  }

  /// Reads what comes next, at least a byte, and waits for it: how many bytes, 0 at the end.
  /// Threads that read one file get different bytes. Errors: what the device says; none is hidden
  /// as an end.
  result<std::size_t> read(mutable_bytes buffer) noexcept;
  /// The same from `offset`, in bytes from the beginning; 0 at the end and behind it. Errors:
  /// errc::not_supported for what has no size.
  /// On Windows it moves the place that read() goes on from (ReadFile's page says so), on POSIX
  /// not.
  result<std::size_t> read_at(mutable_bytes buffer, std::uint64_t offset) const noexcept;

  /// Writes at the file's position at least a byte of what there is, and waits for room: how many
  /// bytes. Errors: errc::no_space, errc::broken_pipe for a pipe that nobody reads any more, and no
  /// signal.
  result<std::size_t> write(const_bytes data) noexcept;

  /// How many bytes it has now. errc::not_supported for what has no size: a pipe, a terminal.
  result<std::uint64_t> size() const noexcept;

 private:
  static void close(file_handle handle) noexcept;

  file_handle handle_ = file_handle::invalid;
};

}  // namespace portsock
