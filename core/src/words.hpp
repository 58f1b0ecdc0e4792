// SPDX-License-Identifier: MIT
#pragma once

// What each errc is called. In a file of its own, so that a program which asks for no more than the
// words is linked with no more.

#include <string_view>
#include <system_error>

#include <portsock/error.hpp>

namespace portsock::detail {

struct words {
  std::string_view text;
  std::errc condition;
};

const words& words_of(errc meaning) noexcept;

}  // namespace portsock::detail
