// SPDX-License-Identifier: MIT
#include "transfer.hpp"

#include <algorithm>

#include <fcntl.h>

#include <platform/contract.hpp>

#include "impatience.hpp"

namespace portsock::platform {
namespace {

/// What one call takes on Linux (sendfile(2)): a page less than 2 GiB.
constexpr std::uint64_t largest_size = 0x7ffff000;

result<std::size_t> send_part(native_handle s, file_handle file, std::uint64_t offset,
                              std::uint64_t most) noexcept {
  return counted(uninterrupted(send_file_once, descriptor(s), static_cast<int>(file),
                               static_cast<std::int64_t>(offset), static_cast<std::size_t>(most)));
}

}  // namespace

impatience::impatience(int s) noexcept : socket_{-1} {
  const int flags = ::fcntl(s, F_GETFL);
  if (flags < 0 || (flags & O_NONBLOCK) != 0) return;
  socklen_t size = sizeof before_;
  const timeval tick{0, 1};
  if (::getsockopt(s, SOL_SOCKET, SO_SNDTIMEO, &before_, &size) == 0 &&
      ::setsockopt(s, SOL_SOCKET, SO_SNDTIMEO, &tick, sizeof tick) == 0)
    socket_ = s;
}

impatience::~impatience() {
  if (socket_ < 0) return;
  const int reason = errno;
  ::setsockopt(socket_, SOL_SOCKET, SO_SNDTIMEO, &before_, sizeof before_);
  errno = reason;
}

result<std::size_t> send_file(native_handle s, file_handle file, std::uint64_t offset,
                              std::uint64_t most) noexcept {
  return send_part(s, file, offset, (std::min)(most, largest_size));
}

result<std::size_t> try_send_file(native_handle s, file_handle file, std::uint64_t offset,
                                  std::uint64_t most) noexcept {
  const impatience limit{descriptor(s)};
  return send_part(s, file, offset, (std::min)(most, std::uint64_t{impatient_size}));
}

}  // namespace portsock::platform
