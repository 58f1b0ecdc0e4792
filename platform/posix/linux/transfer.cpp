// SPDX-License-Identifier: MIT
#include "transfer.hpp"

#include <sys/sendfile.h>

#include "no_sigpipe.hpp"

namespace portsock::platform {

std::int64_t send_file_once(int s, int file, std::int64_t offset, std::size_t most) noexcept {
  off_t from = offset;
  no_sigpipe quiet;
  return quiet.after(::sendfile(s, file, &from, most));
}

std::int64_t write_once(int file, const void* data, std::size_t size) noexcept {
  no_sigpipe quiet;
  return quiet.after(::write(file, data, size));
}

}  // namespace portsock::platform
