// SPDX-License-Identifier: MIT
#pragma once

// The system's name for a socket, and its owner.

#include <atomic>
#include <cstdint>
#include <utility>

namespace portsock {

/// An int there, a SOCKET here, this type everywhere: both fit, and both are invalid as -1.
enum class native_handle : std::intptr_t { invalid = -1 };

/// Owns one socket and closes it.
///
/// Beside the handle it keeps two notes, in bits that no system uses for a handle (descriptors are
/// small; Windows handles have 32 significant bits), so that a stream weighs no more than its
/// handle. Notes may be set on one thread while another uses the handle; moving needs the owner
/// alone.
class unique_handle {
 public:
  enum class note : std::uint8_t {
    was_reset = 1,     ///< a reset was seen, which some systems report once and then forget
    receive_shut = 2,  ///< this side wants no more data
  };

  constexpr unique_handle() noexcept = default;
  constexpr explicit unique_handle(native_handle handle) noexcept
      : word_{static_cast<std::intptr_t>(handle) * 4} {}
  unique_handle(unique_handle&& other) noexcept : word_{other.take()} {}
  unique_handle& operator=(unique_handle&& other) noexcept {
    if (this != &other) {
      reset();
      word_.store(other.take(), std::memory_order_relaxed);
    }
    return *this;
  }
  ~unique_handle() { reset(); }

  native_handle get() const noexcept { return native_handle{word() >> 2}; }
  explicit operator bool() const noexcept { return word() >= 0; }

  /// Gives the handle up without closing it. Notes are forgotten.
  [[nodiscard]] native_handle release() noexcept { return native_handle{take() >> 2}; }
  void reset() noexcept {
    if (const auto handle = release(); handle != native_handle::invalid) close(handle);
  }

  /// The handle and its notes as they are now, for the price of one look.
  class snapshot {
   public:
    explicit constexpr snapshot(std::intptr_t word) noexcept : word_{word} {}
    bool has_notes() const noexcept { return (word_ & 3) != 0; }
    native_handle handle() const noexcept { return native_handle{word_ >> 2}; }

   private:
    std::intptr_t word_;
  };
  snapshot look() const noexcept { return snapshot{word()}; }
  bool has_notes() const noexcept { return look().has_notes(); }
  bool has(note which) const noexcept { return (word() & static_cast<std::intptr_t>(which)) != 0; }
  void set(note which) noexcept {
    word_.fetch_or(static_cast<std::intptr_t>(which), std::memory_order_relaxed);
  }

 private:
  static constexpr std::intptr_t none = -4;

  static void close(native_handle handle) noexcept;

  std::intptr_t word() const noexcept { return word_.load(std::memory_order_relaxed); }
  std::intptr_t take() noexcept { return word_.exchange(none, std::memory_order_relaxed); }

  std::atomic<std::intptr_t> word_ = none;
};

}  // namespace portsock
