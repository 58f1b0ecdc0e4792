// SPDX-License-Identifier: MIT
#include "transfer.hpp"

#include <fcntl.h>
#include <sys/types.h>
#include <sys/uio.h>

namespace portsock::platform {

// The socket itself raises no signal: silence() saw to it.
std::int64_t send_file_once(int s, int file, std::int64_t offset, std::size_t most) noexcept {
  off_t size = static_cast<off_t>(most);  // in: how much; out: how much it was
  const int outcome = ::sendfile(file, s, offset, &size, nullptr, 0);
  // What was sent before the failure counts; the next call tells of it again (sendfile(2)). After
  // other failures than these two, `size` may be as it was.
  if (outcome == 0 || ((errno == EAGAIN || errno == EINTR) && size > 0)) return size;
  return outcome;
}

std::int64_t write_once(int file, const void* data, std::size_t size) noexcept {
  ::fcntl(file, F_SETNOSIGPIPE, 1);
  return ::write(file, data, size);
}

}  // namespace portsock::platform
