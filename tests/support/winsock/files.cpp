// SPDX-License-Identifier: MIT
#include <tests/support/files.hpp>

#include <windows.h>

#include <stdexcept>

namespace portsock::tests {

file_pipe open_pipe() {
  HANDLE read = nullptr;
  HANDLE write = nullptr;
  if (::CreatePipe(&read, &write, nullptr, 0) == 0)
    throw std::runtime_error{"the test cannot open a pipe"};
  const auto to_file = [](HANDLE handle) {
    return unique_file{file_handle{reinterpret_cast<std::intptr_t>(handle)}};
  };
  return {to_file(read), to_file(write)};
}

}  // namespace portsock::tests
