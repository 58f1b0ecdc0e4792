// SPDX-License-Identifier: MIT
#pragma once

// The file of a local socket that is bound to a path, which goes with the socket.

#include <cstdint>
#include <utility>

#include <portsock/handle.hpp>
#include <portsock/local_address.hpp>

namespace portsock::detail {

/// How the file is recognised, and the lock that keeps others from replacing it.
struct claim_record {
  native_handle lock = native_handle::invalid;  ///< a file, and no socket
  std::uint64_t device = 0;
  std::uint64_t number = 0;
};

/// Removes the file, if it still is the one that was made, and gives up the lock. Destroy it before
/// the socket is closed.
class local_claim {
 public:
  local_claim() noexcept = default;
  local_claim(const local_address& where, const claim_record& record) noexcept
      : where_{where}, record_{record} {}
  local_claim(local_claim&& other) noexcept
      : where_{other.where_}, record_{std::exchange(other.record_, {})} {}
  local_claim& operator=(local_claim&& other) noexcept {
    if (this != &other) {
      release();
      where_ = other.where_;
      record_ = std::exchange(other.record_, {});
    }
    return *this;
  }
  ~local_claim() { release(); }

  /// What to recognise the file by.
  void knows(std::uint64_t device, std::uint64_t number) noexcept {
    record_.device = device;
    record_.number = number;
  }
  claim_record record() && noexcept { return std::exchange(record_, {}); }

  void release() noexcept;
  /// Gives up the lock and leaves the file.
  void abandon() noexcept;

 private:
  local_address where_;
  claim_record record_;
};

}  // namespace portsock::detail
