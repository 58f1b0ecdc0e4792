// SPDX-License-Identifier: MIT
#include <tests/support/files.hpp>

#include <unistd.h>

#include <stdexcept>

namespace portsock::tests {

file_pipe open_pipe() {
  int ends[2];
  if (::pipe(ends) != 0) throw std::runtime_error{"the test cannot open a pipe"};
  return {unique_file{file_handle{ends[0]}}, unique_file{file_handle{ends[1]}}};
}

}  // namespace portsock::tests
