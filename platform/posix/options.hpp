// SPDX-License-Identifier: MIT
#pragma once

// An option is a row: where the system keeps it, and in what.

#include <cstdint>
#include <span>

#include <portsock/options.hpp>

#include "native.hpp"

namespace portsock::platform {

/// The system's type of a value. `none`: this system has no such option.
enum class stored_as : std::uint8_t {
  none,
  integer,
  octet,
  linger_on_close,
  interface_v4,
  interface_index,  ///< an integer; of an interface that is there
};

inline constexpr std::int64_t largest_index = 0x7fff'ffff;

struct option_place {
  int level = 0;
  int name = 0;
  stored_as type = stored_as::none;
};

struct option_row {
  option_id id;
  option_place v4;  ///< for IPv4 sockets
  option_place v6;  ///< for IPv6 sockets
  std::int64_t least;
  std::int64_t most;
};

/// A row for an option that both families keep in one place.
constexpr option_row same(option_id id, int level, int name, std::int64_t least, std::int64_t most,
                          stored_as type = stored_as::integer) noexcept {
  return {id, {level, name, type}, {level, name, type}, least, most};
}

/// What the system lacks.
constexpr option_place nowhere{};

/// The rows whose names differ inside POSIX; each system's options.cpp.
std::span<const option_row> system_option_rows() noexcept;

/// dont_fragment is more than a switch on some systems.
std::int64_t to_system(option_id, std::int64_t value) noexcept;
std::int64_t from_system(option_id, std::int64_t value) noexcept;

}  // namespace portsock::platform
