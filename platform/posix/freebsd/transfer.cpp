// SPDX-License-Identifier: MIT
#include "transfer.hpp"

#include <sys/types.h>
#include <sys/uio.h>

#include "no_sigpipe.hpp"

namespace portsock::platform {

std::int64_t send_file_once(int s, int file, std::int64_t offset, std::size_t most) noexcept {
  off_t sent = 0;
  no_sigpipe quiet;
  // What was sent before the failure counts; the next call tells of it again (sendfile(2)).
  const int outcome = quiet.after(::sendfile(file, s, offset, most, nullptr, &sent, 0));
  return sent > 0 ? sent : outcome;
}

std::int64_t write_once(int file, const void* data, std::size_t size) noexcept {
  no_sigpipe quiet;
  return quiet.after(::write(file, data, size));
}

}  // namespace portsock::platform
