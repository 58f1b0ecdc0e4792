// SPDX-License-Identifier: MIT
#pragma once

// Between the system's UTF-16 and the library's UTF-8. A lone surrogate comes out as U+FFFD.

#include <string>
#include <string_view>

#include "native.hpp"

namespace portsock::platform {

inline std::string to_utf8(std::wstring_view wide) {
  const int units = length(wide.size());
  const int size =
      ::WideCharToMultiByte(CP_UTF8, 0, wide.data(), units, nullptr, 0, nullptr, nullptr);
  std::string text(static_cast<std::size_t>(size), '\0');
  ::WideCharToMultiByte(CP_UTF8, 0, wide.data(), units, text.data(), size, nullptr, nullptr);
  return text;
}

inline std::wstring to_wide(std::string_view text) {
  const int bytes = length(text.size());
  const int size = ::MultiByteToWideChar(CP_UTF8, 0, text.data(), bytes, nullptr, 0);
  std::wstring wide(static_cast<std::size_t>(size), L'\0');
  ::MultiByteToWideChar(CP_UTF8, 0, text.data(), bytes, wide.data(), size);
  return wide;
}

}  // namespace portsock::platform
