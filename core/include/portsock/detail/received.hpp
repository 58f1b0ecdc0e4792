// SPDX-License-Identifier: MIT
#pragma once

// What a datagram brought, and a result<> of it that has no flag of its own: the size says whether
// there is one.

#include <cstddef>
#include <cstdint>
#include <expected>
#include <limits>
#include <utility>

#include <portsock/error.hpp>
#include <portsock/native_endpoint.hpp>

namespace portsock {

/// One datagram as it arrived.
struct received {
  // All of it is written by who receives, so nothing is cleared first.
  received() noexcept : from{native_endpoint::unwritten{}} {}

  native_endpoint from;
  std::size_t size;  ///< bytes written to the buffer; 0 is a datagram too
  bool truncated;    ///< the datagram was longer, and its rest is lost
};

namespace detail {

/// Where the word of an error is kept: in the size, if that is as wide, or else beside it.
template <std::size_t WidthOfSize>
struct word_of_reason {
  std::size_t put(std::int64_t word) noexcept {
    word_ = word;
    return (std::numeric_limits<std::size_t>::max)();
  }
  std::int64_t get(std::size_t) const noexcept { return word_; }

 private:
  std::int64_t word_;
};

template <>
struct word_of_reason<sizeof(std::int64_t)> {
  static std::size_t put(std::int64_t word) noexcept { return static_cast<std::size_t>(word); }
  static std::int64_t get(std::size_t size) noexcept { return static_cast<std::int64_t>(size); }
};

}  // namespace detail

template <>
class [[nodiscard]] result<received> : detail::word_of_reason<sizeof(std::size_t)> {
 public:
  using value_type = received;

  /// For who receives: the value is there once its size has been written.
  explicit result(std::in_place_t) noexcept {}
  result(const received& got) noexcept : got_{got} {}  // NOLINT(google-explicit-constructor)
  result(const std::unexpected<portsock::error>& reason) noexcept {  // NOLINT
    got_.size = put(detail::packing::word_of(reason.error()));
  }

  /// No datagram is half as long as a size can tell.
  bool has_value() const noexcept { return static_cast<std::ptrdiff_t>(got_.size) >= 0; }
  explicit operator bool() const noexcept { return has_value(); }

  const received& operator*() const noexcept { return got_; }
  received& operator*() noexcept { return got_; }
  const received* operator->() const noexcept { return &got_; }
  received* operator->() noexcept { return &got_; }
  /// Throws std::bad_expected_access where there is no value, as std::expected does.
  const received& value() const {
    if (!has_value()) static_cast<std::expected<void, portsock::error>>(failure()).value();
    return got_;
  }

  portsock::error error() const noexcept { return detail::packing::error_of(get(got_.size)); }
  /// `if (!bound) return bound.failure();`
  std::unexpected<portsock::error> failure() const noexcept { return std::unexpected{error()}; }

 private:
  received got_;
};

}  // namespace portsock
