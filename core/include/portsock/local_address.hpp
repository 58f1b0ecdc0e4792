// SPDX-License-Identifier: MIT
#pragma once

// Where a local (Unix-domain) socket is: a path of the file system instead of an address and a
// port.

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

#include <portsock/error.hpp>

namespace portsock {

/// A path, a name of Linux's abstract namespace, or, for sockets that were never bound, nothing.
class local_address {
 public:
  enum class form : std::uint8_t { unnamed, path, abstract };

  /// Every system takes paths up to this many bytes; Linux and Windows take 107.
  static constexpr std::size_t portable_limit = 103;
  /// The bytes that a path may have on this system.
  static std::size_t limit() noexcept;

  /// Unnamed.
  constexpr local_address() noexcept = default;

  /// `path` in UTF-8, absolute or relative to the working directory, taken as it stands: nothing is
  /// resolved. Errors: errc::name_too_long (more than limit() bytes), invalid_argument (empty, a
  /// zero byte, or no UTF-8, which Windows and macOS would refuse).
  static result<local_address> at(std::string_view path) noexcept;
  /// A name that is no file and goes with its socket. It has no permissions: every process of the
  /// network namespace may connect. Any bytes. Errors: errc::not_supported (everywhere but on
  /// Linux), name_too_long, invalid_argument (empty).
  static result<local_address> abstract(std::string_view name) noexcept;

  bool is_unnamed() const noexcept { return form_ == form::unnamed; }
  bool is_path() const noexcept { return form_ == form::path; }
  bool is_abstract() const noexcept { return form_ == form::abstract; }

  /// The path, or the abstract name; empty for an unnamed one. Lives as long as this object.
  std::string_view text() const noexcept { return {bytes_.data(), size_}; }
  friend bool operator==(const local_address& left, const local_address& right) noexcept {
    return left.form_ == right.form_ && left.text() == right.text();
  }

  /// For backends: what a system says. What is longer than the capacity is cut.
  static constexpr std::size_t capacity = 108;
  constexpr local_address(form what, std::string_view text) noexcept
      : form_{what}, size_{static_cast<std::uint8_t>((std::min)(text.size(), capacity))} {
    std::copy_n(text.begin(), size_, bytes_.begin());
  }

 private:
  form form_ = form::unnamed;
  std::uint8_t size_ = 0;
  std::array<char, capacity> bytes_{};
};

/// "/run/app.sock"; "@name" for an abstract name; "(unnamed)". For people: not to be parsed.
std::string to_string(const local_address& where);

}  // namespace portsock
