// SPDX-License-Identifier: MIT
#pragma once

// result<> and result<std::size_t> in one register. What a send answers is looked at after every
// single call, and a std::expected travels through memory there.

#include <cstddef>
#include <cstdint>
#include <expected>
#include <utility>

#include <portsock/error.hpp>

namespace portsock {

namespace detail {

/// Errors as words, for results that keep one where a size would be: always negative.
struct packing {
  static constexpr std::int64_t word_of(error reason) noexcept {
    if (reason.word_ >= 0) std::unreachable();
    return reason.word_;
  }
  static constexpr error error_of(std::int64_t word) noexcept { return {error::packed{}, word}; }
};

/// At least zero: a success. Below: an error, packed.
class packed_result {
 public:
  constexpr bool has_value() const noexcept { return word_ >= 0; }
  constexpr explicit operator bool() const noexcept { return has_value(); }
  constexpr portsock::error error() const noexcept { return packing::error_of(word_); }
  /// `if (!bound) return bound.failure();`
  constexpr std::unexpected<portsock::error> failure() const noexcept {
    return std::unexpected{error()};
  }

 protected:
  explicit constexpr packed_result(std::int64_t word) noexcept : word_{word} {}
  explicit constexpr packed_result(portsock::error reason) noexcept
      : word_{packing::word_of(reason)} {}

  std::int64_t word_;
};

}  // namespace detail

template <>
class [[nodiscard]] result<void> : public detail::packed_result {
 public:
  constexpr result() noexcept : packed_result{0} {}
  constexpr result(const std::unexpected<portsock::error>& reason) noexcept  // NOLINT
      : packed_result{reason.error()} {}

  constexpr void operator*() const noexcept {}
  /// Throws std::bad_expected_access where there is no value, as std::expected does.
  void value() const {
    if (!has_value()) static_cast<std::expected<void, portsock::error>>(failure()).value();
  }
};

template <>
class [[nodiscard]] result<std::size_t> : public detail::packed_result {
 public:
  using value_type = std::size_t;

  constexpr result(std::size_t size = 0) noexcept  // NOLINT
      : packed_result{static_cast<std::int64_t>(size)} {}
  constexpr result(const std::unexpected<portsock::error>& reason) noexcept  // NOLINT
      : packed_result{reason.error()} {}

  constexpr std::size_t operator*() const noexcept { return static_cast<std::size_t>(word_); }
  constexpr std::size_t value_or(std::size_t other) const noexcept {
    return has_value() ? **this : other;
  }
  /// Throws std::bad_expected_access where there is no value, as std::expected does.
  std::size_t value() const {
    if (has_value()) return **this;
    return static_cast<std::expected<std::size_t, portsock::error>>(failure()).value();
  }
};

}  // namespace portsock
