// SPDX-License-Identifier: MIT
#pragma once

// Between local addresses and sockaddr_un, which has the same members on every system.

#include <array>
#include <cstddef>

#include <portsock/local_address.hpp>

#include "native.hpp"

namespace portsock::platform {

/// A name to give to a system call, or room for one that a system call writes.
class local_name_room {
 public:
  local_name_room() noexcept : length_{sizeof(sockaddr_un) + spare} {}
  explicit local_name_room(const local_address& where) noexcept;

  const sockaddr* name() const noexcept { return reinterpret_cast<const sockaddr*>(bytes_.data()); }
  sockaddr* data() noexcept { return reinterpret_cast<sockaddr*>(bytes_.data()); }
  address_length size() const noexcept { return length_; }
  address_length* length() noexcept { return &length_; }

  bool is_local() const noexcept { return name()->sa_family == AF_UNIX; }
  local_address address() const noexcept;

 private:
  /// Linux gives away a path that fills sun_path with a zero behind it, which has no place there.
  static constexpr std::size_t spare = 4;

  alignas(sockaddr_un) std::array<char, sizeof(sockaddr_un) + spare> bytes_{};
  address_length length_;
};

}  // namespace portsock::platform
