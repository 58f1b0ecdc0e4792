// SPDX-License-Identifier: MIT
#include <tests/support/memory/process.hpp>

#include <fcntl.h>
#include <unistd.h>

namespace portsock::tests::process {

std::uint32_t id() { return static_cast<std::uint32_t>(::getpid()); }

bool has_signals() { return true; }
bool tests_alone_open_files() { return true; }

bool is_file_inheritable(native_handle file) {
  return (::fcntl(static_cast<int>(file), F_GETFD) & FD_CLOEXEC) == 0;
}

std::size_t count_open_files() {
  std::size_t count = 0;
  for (int fd = 0; fd < 4096; ++fd)
    if (::fcntl(fd, F_GETFD) >= 0) ++count;
  return count;
}

}  // namespace portsock::tests::process
